import { expect } from 'chai';
import type { EventLog, ReadAllOptions, SubscriptionItem } from '../../core/ports.js';
import { allOf, appendOf, input, inputs, refusalOf, seqsOf } from '../support/log-events.js';

/** A subscription that a test pulls by hand. */
function subscribe(log: EventLog, options: ReadAllOptions = {}) {
  const stop = new AbortController();
  const items = log.subscribe(options, stop.signal)[Symbol.asyncIterator]();
  const next = async (): Promise<SubscriptionItem | undefined> => {
    const result: IteratorResult<SubscriptionItem, unknown> = await items.next();
    return result.done === true ? undefined : result.value;
  };
  /** Seqs up to and with `until`, leaving out how they were cut and what came between. */
  const readTo = async (until: number): Promise<readonly (number | undefined)[]> => {
    const seqs: (number | undefined)[] = [];
    while (seqs.at(-1) !== until) {
      const item = await next();
      if (item === undefined) throw new Error(`it ended before seq ${until}`);
      if (item.kind === 'events') seqs.push(...seqsOf(item.events));
    }
    return seqs;
  };
  const caughtUp = async (): Promise<void> => {
    expect(await next()).to.deep.equal({ kind: 'caughtUp' });
  };
  return { stop: () => stop.abort(), next, readTo, caughtUp };
}

/** The part of the log's contract that is about following it. */
export function subscriptionContract(current: () => EventLog): void {
  describe('subscribing', () => {
    const append = (stream: string, ...seqs: readonly number[]): Promise<void> =>
      current().append([
        appendOf(
          stream,
          'any',
          seqs.map((seq) => input(seq)),
        ),
      ]);

    it('hands over what is stored, says so, and goes on with what comes', async () => {
      await current().append([appendOf('a', 'any', inputs(1, 2_500))]);
      const follower = subscribe(current());
      expect(await follower.readTo(2_500)).to.deep.equal(Array.from({ length: 2_500 }, (_, i) => i + 1));
      await follower.caughtUp();
      for (let seq = 2_501; seq <= 2_505; seq++) {
        const coming = follower.readTo(seq);
        await append('b', seq);
        expect(await coming).to.deep.equal([seq]);
        await follower.caughtUp();
      }
      follower.stop();
      expect(await follower.next()).to.equal(undefined);
    });

    it('says so at once when there is nothing', async () => {
      const follower = subscribe(current());
      await follower.caughtUp();
      const coming = follower.readTo(1);
      await append('a', 1);
      expect(await coming).to.deep.equal([1]);
      follower.stop();
    });

    it('misses nothing that is appended while it reads', async () => {
      await current().append([appendOf('a', 'any', inputs(1, 3_000))]);
      const follower = subscribe(current());
      const seqs: (number | undefined)[] = [];
      for (let seq = 3_001; seqs.at(-1) !== 3_040;) {
        const item = await follower.next();
        if (item?.kind === 'events') seqs.push(...seqsOf(item.events));
        if (seq <= 3_040) await append(`s${seq % 3}`, seq++);
      }
      expect(seqs).to.deep.equal(Array.from({ length: 3_040 }, (_, i) => i + 1));
      follower.stop();
    });

    it('goes on behind the last event that somebody saw', async () => {
      await current().append([appendOf('a', 'any', inputs(1, 10))]);
      const seen = (await allOf(current().readAll()))[6]!;
      const follower = subscribe(current(), { after: seen.position });
      expect(await follower.readTo(10)).to.deep.equal([8, 9, 10]);
      await follower.caughtUp();
      const last = (await allOf(current().readAll())).at(-1)!;
      const later = subscribe(current(), { after: last.position });
      await later.caughtUp();
      const coming = [follower.readTo(11), later.readTo(11)];
      await append('b', 11);
      expect(await Promise.all(coming)).to.deep.equal([[11], [11]]);
      follower.stop();
      later.stop();
    });

    it('hands over only what was asked for', async () => {
      const follower = subscribe(current(), { prefixes: ['b', 'c'] });
      await follower.caughtUp();
      await append('a', 1);
      await append('b', 2);
      await append('a', 3);
      await append('cc', 4);
      expect(await follower.readTo(4)).to.deep.equal([2, 4]);
      const coming = follower.readTo(6);
      await append('a', 5);
      await append('c', 6);
      expect(await coming).to.deep.equal([6]);
      follower.stop();
    });

    it('holds nothing for a follower that does not pull', async () => {
      const follower = subscribe(current());
      await follower.caughtUp();
      for (let seq = 1; seq <= 300; seq++) await append('a', seq);
      expect(await follower.readTo(300)).to.deep.equal(Array.from({ length: 300 }, (_, i) => i + 1));
      await follower.caughtUp();
      follower.stop();
    });

    it('ends a wait when it is stopped', async () => {
      const follower = subscribe(current());
      await follower.caughtUp();
      const waiting = follower.next();
      follower.stop();
      expect(await waiting).to.equal(undefined);
      const stopped = subscribe(current());
      stopped.stop();
      expect(await stopped.next()).to.equal(undefined);
    });

    it('tells who waits that the log was closed', async () => {
      const follower = subscribe(current());
      await follower.caughtUp();
      const refusal = refusalOf(follower.next());
      await current().close();
      expect(await refusal).to.have.property('code', 'unavailable');
    });
  });
}
