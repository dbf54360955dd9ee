import { expect } from 'chai';
import { FaultPlan } from '../../../../../adapters/venues/loopback/fault-plan.js';
import { faultScript } from '../../../../../adapters/venues/loopback/fault-script.js';
import { BadFault, readFault, readFaults } from '../../../../../adapters/venues/loopback/faults.js';
import { VenueRefuses } from '../../../../../adapters/venues/loopback/troubles.js';
import { MICROS } from '../../../../../core/time.js';
import { LoopbackStage, recorded, type BareClient } from '../../../../support/loopback-stage.js';
import { turns } from '../../../../support/loopback.js';

const { defined, snapshot, delta } = recorded;
const DEPTH = '/api/v3/depth?symbol=AAABTC';
const refused = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof BadFault) return error.message;
  }
  return 'taken';
};

describe('faults of a loopback venue', () => {
  describe('are read', () => {
    it('from a flag', () => {
      expect(readFaults('drop@100,silent@800:6s, refuse@3x2,disconnect')).to.deep.equal([
        { kind: 'drop', at: 100 },
        { kind: 'silent', at: 800, lasts: 6 * MICROS.s },
        { kind: 'refuse', at: 3, count: 2 },
        { kind: 'disconnect' },
      ]);
    });
    it('from JSON', () => {
      expect(readFault({ fault: 'rate-limit', at: 3, for: '250ms' })).to.deep.equal({
        kind: 'rate-limit',
        at: 3,
        lasts: 250 * MICROS.ms,
      });
      expect(readFault({ fault: 'drop', count: 2 })).to.deep.equal({ kind: 'drop', count: 2 });
    });
    for (const [what, read, sentence] of [
      ['an unknown kind', () => readFaults('dorp@1'), /"dorp" is no fault: known are drop, /],
      ['no spec', () => readFaults('drop@'), /write KIND@MESSAGE/],
      ['message 0', () => readFaults('drop@0'), /"at" of drop/],
      ['no duration', () => readFaults('silent@1:soon'), /how long silent lasts/],
      ['no object', () => readFault(['drop']), /JSON object/],
      ['a strange key', () => readFault({ fault: 'drop', when: 3 }), /"when" is unknown/],
      ['a number that is none', () => readFault({ fault: 'drop', at: '3' }), /"at" of drop/],
      ['a time that is none', () => readFault({ fault: 'silent', for: 6 }), /how long silent lasts/],
    ] as const)
      it(`or refused: ${what}`, () => expect(refused(read)).to.match(sentence));
    it('or refused where the venue cannot have them, all of them', async () => {
      const stage = new LoopbackStage([defined()], { atEnd: 'stay' });
      const all = (): void => stage.venue.inject({ kind: 'disconnect' }, { kind: 'corrupt' });
      const client = await stage.bare('/ws/aaabtc@depth');
      expect(refused(all)).to.match(/binance cannot have "corrupt": use one of drop/);
      await turns();
      expect(client.ended).to.equal(undefined);
    });
  });

  it('follow from a seed, far enough from each other', () => {
    const script = (seed: number): object[] => {
      const faults = [];
      for (const fault of faultScript(seed, ['drop', 'silent'])) {
        faults.push(fault);
        if (faults.length === 50) break;
      }
      return faults;
    };
    expect(script(1)).to.deep.equal(script(1));
    expect(script(1)).not.to.deep.equal(script(2));
    let before = 0;
    for (const { at } of faultScript(3, ['drop'])) {
      expect(at - before).to.be.within(20, 160);
      before = at;
      if (at > 5_000) break;
    }
  });

  it('come each at its message, or with the next that can have it', () => {
    const plan = new FaultPlan([{ kind: 'duplicate', at: 3 }]);
    plan.add({ kind: 'drop', at: 2, count: 2 });
    plan.add({ kind: 'corrupt', at: 1 });
    plan.add({ kind: 'silent', at: 3 });
    const come = (message: number, ...impossible: readonly string[]): unknown[] => [
      ...plan.reach(message).map(({ kind }) => kind),
      plan.take((kind) => !impossible.includes(kind)),
    ];
    expect(come(1, 'corrupt')).to.deep.equal([undefined]);
    expect(come(2, 'corrupt')).to.deep.equal(['drop']);
    expect(come(3)).to.deep.equal(['silent', 'corrupt']);
    expect(come(4)).to.deep.equal(['drop']);
    expect(come(5)).to.deep.equal(['duplicate']);
    expect(come(6)).to.deep.equal([undefined]);
  });

  describe('befall', () => {
    const events = [defined(), snapshot(0, 9), ...[1, 2, 3, 4, 5].map((n) => delta(n * 1_000, 10 + n))];
    const opened = async (
      options: ConstructorParameters<typeof LoopbackStage>[1] = {},
    ): Promise<[LoopbackStage, BareClient]> => {
      const stage = new LoopbackStage(events, { atEnd: 'stay', ...options });
      await stage.ask(DEPTH);
      return [stage, await stage.bare('/ws/aaabtc@depth')];
    };
    const numbers = (client: BareClient): unknown[] => client.heard().map((message) => (message as { u: number }).u);

    for (const [spec, expected] of [
      ['drop@2', [11, 13, 14, 15]],
      ['drop@2x2', [11, 14, 15]],
      ['duplicate@2', [11, 12, 12, 13, 14, 15]],
      ['reorder@2', [11, 13, 12, 14, 15]],
      ['reorder@2x2', [11, 12, 14, 13, 15]],
    ] as const)
      it(`messages: ${spec}`, async () => {
        const [stage, client] = await opened({ faults: readFaults(spec) });
        await stage.pass(6_000);
        expect(numbers(client)).to.deep.equal(expected);
      });
    it('a message, which breaks off in the middle', async () => {
      const [stage, client] = await opened();
      await stage.pass(1_500);
      stage.venue.inject({ kind: 'garble' });
      await stage.pass(2_500);
      expect(client.messages[1]).to.match(/^\{"e":"depthUpdate","s":"AA.*[^}]$/);
    });
    it('the whole line, which is silent and then tells all at once', async () => {
      const [stage, client] = await opened({ faults: readFaults('silent@2:2500ms') });
      await stage.pass(4_400);
      expect(numbers(client)).to.deep.equal([11]);
      const { signs } = client;
      await stage.pass(4_600);
      expect(numbers(client)).to.deep.equal([12, 13, 14]);
      expect(client.signs).to.equal(signs);
    });
    it('every connection, which breaks', async () => {
      const [stage, client] = await opened({ faults: readFaults('disconnect@2') });
      await stage.pass(6_000);
      expect([numbers(client), client.ended]).to.deep.equal([[11], 'the connection broke']);
    });
    it('connections, which are refused so many times', async () => {
      const [stage] = await opened();
      stage.venue.inject({ kind: 'refuse', count: 2 });
      const statuses: unknown[] = [];
      for (let attempt = 0; attempt < 3; attempt++)
        await stage.bare('/ws').then(
          () => statuses.push('open'),
          (error: unknown) => statuses.push((error as VenueRefuses).status),
        );
      expect(statuses).to.deep.equal([503, 503, 'open']);
    });
    it('subscriptions, which are refused so many times, and no other message is', async () => {
      const [stage] = await opened();
      stage.venue.inject({ kind: 'refuse-subscriptions' });
      const client = await stage.bare('/stream');
      const ask = async (method: string): Promise<unknown> => {
        client.socket.send(JSON.stringify({ method, params: ['aaabtc@depth'], id: 1 }));
        await turns();
        return client.heard();
      };
      expect(await ask('LIST_SUBSCRIPTIONS')).to.deep.equal([{ result: [], id: 1 }]);
      expect(await ask('SUBSCRIBE')).to.deep.equal([{ error: { code: 2, msg: 'Invalid request: refused' }, id: 1 }]);
      expect(await ask('SUBSCRIBE')).to.deep.equal([{ result: null, id: 1 }]);
    });
    it('requests and connections, which are limited for a time', async () => {
      const [stage] = await opened();
      stage.venue.inject({ kind: 'rate-limit', lasts: 2_500 * MICROS.ms });
      expect(await stage.ask(DEPTH)).to.include({ status: 429, retryAfter: 3 });
      const failure = await stage.bare('/ws').catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(VenueRefuses).and.include({ status: 429, retryAfter: 3 });
      await stage.pass(2_500);
      expect(await stage.ask(DEPTH)).to.include({ status: 200 });
    });
    it('answers, which are late and true of when they were asked for', async () => {
      const stage = new LoopbackStage(events, { atEnd: 'stay', restLatency: 1_500 * MICROS.ms });
      const client = await stage.bare('/ws/aaabtc@depth');
      await stage.pass(3_100);
      const last = (client.heard().at(-1) as { u: number }).u;
      const asked = stage.ask(DEPTH);
      await stage.pass(4_700);
      expect((client.heard().at(-1) as { u: number }).u).to.be.greaterThan(last);
      expect(JSON.parse((await asked).text)).to.include({ lastUpdateId: last });
    });
  });
});
