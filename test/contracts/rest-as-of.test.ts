// answers are looked into freely here; the schemas of the OpenAPI document are held against them in their own suite
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { expect } from 'chai';
import type { CannotServe } from '../../api/live/live-run.js';
import type { RunningLive } from '../../api/live/live.js';
import { formatInstant, MICROS, type EpochMicros } from '../../core/time.js';
import { serveRun, type Reply, type Served } from '../support/api-client.js';
import { LiveStage } from '../support/live-stage.js';
import { at, BTC, snapshot, T0, traded } from '../support/market.js';

const ORDER = '/v1/orders/o1';
const BOOK = `/v1/books/${encodeURIComponent(BTC)}`;
const ACCOUNT = '/v1/accounts/default';

const problem = (reply: Reply, status: number, code: string): void => {
  expect([reply.status, reply.body?.code], reply.text).to.deep.equal([status, code]);
  expect(reply.body.detail).to.match(/[;]/, 'says how to mend it');
};

/** What was told at a moment that was the present then. */
interface Told {
  readonly seq: number;
  readonly at: EpochMicros;
  readonly answers: Readonly<Record<string, Reply>>;
}

describe('a live run as it was', () => {
  let stage: LiveStage;
  let api: Served<RunningLive>;
  const open = async (): Promise<void> => {
    api = await serveRun(stage.run);
  };
  const close = async (): Promise<void> => {
    await api.stop();
    await stage.run.stop();
  };
  const asOf = (path: string, moment: number | string): Promise<Reply> => api.get(`${path}?asOf=${moment}`);
  const tell = async (): Promise<Told> => {
    const { seq, clock } = stage.run.engine;
    const answers: Record<string, Reply> = {};
    for (const path of [ORDER, BOOK, ACCOUNT]) answers[path] = await api.get(path);
    return { seq, at: clock, answers };
  };

  afterEach(() => close());

  describe('through twelve minutes, with checkpoints on the way', () => {
    let told: Told[];

    beforeEach(async () => {
      stage = await new LiveStage({ latency: 0 }).start();
      await open();
      told = [];
      for (let minute = 0; minute < 12; minute++) {
        const bid = 100 + (minute % 3);
        stage.feed.say(snapshot(at(60 * minute + 1), [[`${bid}`, '50']], [[`${bid + 1}`, `${50 + minute}`]]));
        if (minute > 1) stage.feed.say(traded(at(60 * minute + 2), { side: 'sell', price: '100', quantity: '3' }));
        await stage.pass(at(60 * minute + 3));
        if (minute === 1)
          await stage.submit('o1', { quantity: '8', duration: '8m', slices: 8, aggressionFloor: '10', quote: 'join' });
        await stage.pass(at(60 * minute + 45));
        told.push(await tell());
      }
    });

    it('says of every moment what it said then, by seq and by time', async () => {
      expect(told.map(({ answers }) => answers[ORDER]!.body.state as string | undefined)).to.include.members([
        undefined,
        'running',
        'completed',
      ]);
      const history = (await stage.run.history('o1'))!;
      const measuredAt = history.find(({ event }) => event.type === 'OrderMeasured')!.event.at;
      for (const { seq, at: time, answers } of told)
        for (const moment of [seq, time, `${time}123`, formatInstant(time)])
          for (const [path, then] of Object.entries(answers)) {
            const now = await asOf(path, moment);
            expect(now.status, `${path} as of ${moment}: ${now.text}`).to.equal(then.status);
            if (then.status !== 200) continue;
            // an order whose costs were final is told from its own outcomes, and they say nothing of a book
            const isFinal = path === ORDER && time >= measuredAt;
            expect(now.body, `${path} as of ${moment}`).to.deep.equal(
              isFinal ? without('trust', then.body) : then.body,
            );
          }
    });

    const without = (key: string, body: unknown): object =>
      Object.fromEntries(Object.entries(body as object).filter(([name]) => name !== key));

    it('shows as many levels as are asked for', async () => {
      const { body } = await api.get(`${BOOK}?asOf=${told[3]!.seq}&depth=1`);
      expect(body.bids).to.deep.equal([['100', '50']]);
      expect(body.asks).to.deep.equal([['101', '53']]);
    });

    it('tells an account before and after a fill', async () => {
      const fills = (await api.get(`${ORDER}/fills`)).body.fills as { cause: number; at: string; quantity: string }[];
      const { cause, at: when, quantity } = fills[0]!;
      const before = await asOf(ACCOUNT, cause - 1);
      const after = await asOf(ACCOUNT, when);
      expect(before.body.balances.BTC).to.equal('1000000');
      expect(Number(after.body.balances.BTC)).to.be.closeTo(1_000_000 + Number(quantity), 1e-9);
    });

    it('knows nothing of what came later', async () => {
      const first = told[0]!;
      problem(await asOf(ORDER, first.seq), 404, 'order_unknown');
      problem(await asOf(ORDER, first.at), 404, 'order_unknown');
      problem(await asOf(ACCOUNT, first.seq), 404, 'account_unknown');
      for (const beginning of [0, '2023-12-31T00:00:00Z', 1])
        for (const [path, code] of [
          [ORDER, 'order_unknown'],
          [BOOK, 'instrument_unknown'],
          [ACCOUNT, 'account_unknown'],
        ] as const)
          problem(await asOf(path, beginning), 404, code);
      problem(await asOf('/v1/orders/nobody', told[5]!.seq), 404, 'order_unknown');
    });

    it('refuses a moment that is still to come', async () => {
      const { seq, clock } = stage.run.engine;
      for (const moment of [seq + 1, clock + 1, '2099-01-01T00:00:00Z'])
        for (const path of [ORDER, BOOK, ACCOUNT]) {
          const reply = await asOf(path, moment);
          problem(reply, 400, 'moment_ahead');
          expect(reply.body.detail).to.include(`input ${seq} (${formatInstant(clock)})`);
          expect(reply.body.parameter).to.equal('asOf');
        }
      for (const moment of [seq, clock]) expect((await asOf(BOOK, moment)).status).to.equal(200);
    });

    it('refuses what is no moment', async () => {
      for (const wrong of ['', 'yesterday', '-1', '1.5', '2024-01-01', '2024-01-01T00:00:00', '9'.repeat(30)])
        for (const path of [ORDER, BOOK, ACCOUNT]) problem(await asOf(path, wrong), 400, 'wrong_parameter');
      problem(await api.get(`${ORDER}?asOf=1&asOf=2`), 400, 'wrong_parameter');
      problem(await api.get(`${BOOK}?asOf=5&depth=0`), 400, 'wrong_parameter');
      problem(await api.get(`/v1/orders?asOf=1`), 400, 'unknown_parameter');
    });

    it('reads an offset whose plus was not encoded', async () => {
      const reply = await asOf(BOOK, '2024-01-01T01:03:00+01:00');
      expect(reply.body.at).to.equal('2024-01-01T00:03:00Z');
    });

    it('takes no more at once than it can hold', async () => {
      const { engine, past } = stage.run;
      const moments = Array.from({ length: 40 }, (_, i) => ({ seq: engine.seq - 1 - i }));
      const settled = await Promise.allSettled(moments.map((moment) => past.book(BTC, 1, moment)));
      const turnedAway = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as CannotServe] : []));
      expect(turnedAway).to.have.length(24);
      for (const { code } of turnedAway) expect(code).to.equal('overloaded');
      expect((await asOf(BOOK, engine.seq - 40)).status).to.equal(200);
    });

    it('leaves the present as it is', async () => {
      const before = await tell();
      for (const { seq } of told) await asOf(ORDER, seq);
      const after = await tell();
      expect(after.seq).to.equal(before.seq);
      for (const path of [ORDER, BOOK, ACCOUNT]) expect(after.answers[path]!.text).to.equal(before.answers[path]!.text);
    });
  });

  it('shows a time in which it was dead as it was: nothing was trusted, and nothing done', async () => {
    stage = await new LiveStage({ latency: 0 }).start();
    stage.feed.say(snapshot(at(1), [['100', '50']], [['101', '50']]));
    await stage.pass(at(2));
    await stage.submit('o1', { quantity: '15', duration: '15m', slices: 15 });
    await stage.pass(at(70));
    await stage.crash();
    await stage.start(at(670));
    stage.feed.say(snapshot(at(671), [['100', '50']], [['101', '50']]));
    await stage.pass(at(680));
    await open();
    expect((await asOf(BOOK, at(70.5))).body).to.include({ trust: 'trusted' });
    expect((await asOf(BOOK, at(300))).body).to.include({
      trust: 'untrusted',
      reason: 'engine_down',
      at: formatInstant(at(300)),
    });
    const { body } = await asOf(ORDER, at(300));
    expect(body).to.deep.include({ state: 'running', filled: '2', slices: { released: 2, skipped: 3 } });
    expect((await asOf(ACCOUNT, at(300))).body).to.deep.equal((await asOf(ACCOUNT, at(71))).body);
  });

  it('still tells of an order that is over when its market is gone, and says of all else that it is', async () => {
    stage = await new LiveStage({ latency: 0 }, 30 * MICROS.m).start();
    stage.feed.say(snapshot(T0 + 1, [['100', '50']], [['101', '50']]));
    await stage.settled();
    await stage.submit('o1', { quantity: '2', duration: '1m', slices: 2 });
    await stage.pass(at(65 * 60));
    stage.feed.say(snapshot(at(65 * 60), [['100', '50']], [['101', '50']]));
    await stage.pass(at(130 * 60));
    await open();
    const { body } = await asOf(ORDER, at(10 * 60));
    expect(body).to.include({ state: 'completed', filled: '2' });
    expect(body.costs.arrivalPrice).to.equal('100.5');
    for (const path of [BOOK, ACCOUNT, ORDER]) {
      const gone = await asOf(path, at(30));
      problem(gone, 410, 'moment_gone');
      expect(gone.body.detail).to.match(/input \d+ \(2024-01-01T00:05:\d\d/);
    }
    problem(await asOf(ORDER, 1), 404, 'order_unknown');
    expect((await asOf(BOOK, at(129 * 60))).status).to.equal(200);
  });
});
