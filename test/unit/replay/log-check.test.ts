import { expect } from 'chai';
import { eventId } from '../../../adapters/log/event-id.js';
import { DEFAULT_LOG_NAME } from '../../../adapters/log/streams.js';
import type { EventLog, LogEvent, StoredEvent } from '../../../core/ports.js';
import { checkLog, type CheckSummary, type Finding } from '../../../replay/log-check.js';
import { altered, keptStage } from '../../support/kept-log.js';
import { allOf } from '../../support/log-events.js';
import { LiveStage } from '../../support/live-stage.js';
import { memoryLog } from '../../../adapters/log/memory.js';
import { dropPlanned, retentionPlan } from '../../../api/live/upkeep.js';
import { snapshot, T0 } from '../../support/market.js';

interface Checked {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
  readonly summary: CheckSummary | undefined;
}

async function check(log: EventLog): Promise<Checked> {
  const findings: Finding[] = [];
  const notes: string[] = [];
  let summary: CheckSummary | undefined;
  for await (const item of checkLog(log, DEFAULT_LOG_NAME))
    if (item.kind === 'damage') findings.push(item.finding);
    else if (item.kind === 'note') notes.push(item.note);
    else summary = item.summary;
  return { findings, notes, summary };
}

const isCommand = ({ event }: StoredEvent): boolean => event.type === 'SubmitTwap';
const isFill = ({ event }: StoredEvent): boolean => event.type === 'ChildFilled';
const isTaken = ({ event }: StoredEvent): boolean => event.type === 'CheckpointTaken';
const isPart = ({ event }: StoredEvent): boolean => event.type === 'CheckpointPart';
const isTick = ({ event }: StoredEvent): boolean => event.type === 'ClockTicked' && event.seq! > 100;

describe('the check of a log', () => {
  let sound: EventLog;
  let events: readonly StoredEvent[];
  before(async () => {
    sound = (await keptStage()).log;
    events = await allOf(sound.readAll());
  });
  /** The first event of a kind is another one, or gone. */
  const where = (is: (stored: StoredEvent) => boolean, other: (stored: StoredEvent) => readonly StoredEvent[]) => {
    const first = events.find(is)!;
    const same = ({ stream, revision }: StoredEvent): boolean => stream === first.stream && revision === first.revision;
    return altered(sound, (stored) => (same(stored) ? other(stored) : stored));
  };
  const saying = (stored: StoredEvent, event: Partial<LogEvent>): StoredEvent[] => [
    { ...stored, event: { ...stored.event, ...event } },
  ];
  const data = ({ event }: StoredEvent): Record<string, string> => event.data as Record<string, string>;

  it('finds nothing in a sound one, and counts what is there', async () => {
    const { findings, notes, summary } = await check(sound);
    expect(findings).to.deep.equal([]);
    expect(notes).to.deep.equal([]);
    const inputs = events.filter(({ event }) => event.seq !== undefined);
    expect(summary).to.include({ events: events.length, inputs: inputs.length, checkpoints: 2, digests: 2 });
    expect(summary?.lastSeq).to.equal(inputs.length);
  });

  for (const [what, is, other, says] of [
    ['an input that is gone', isTick, () => [], /revision \d+ should stand before it|inputs (\d+) to \1 are missing/],
    ['an outcome that is gone', isFill, () => [], /outcomes (\d+) to \1 are missing|should stand before it/],
    ['an input that is there twice', isTick, (one) => [one, one], /input \d+ is there twice/],
    ['a revision that is there twice', isTick, (one) => [one, one], /this revision is there twice/],
    ['an outcome that is there twice', isFill, (one) => [one, one], /outcome \d+ is there twice/],
    [
      'an input that was changed',
      isTick,
      (one) => saying(one, { at: one.event.at + 1 }),
      /the inputs up to \d+ are not those that its checkpoint says/,
    ],
    [
      'an event in another stream',
      isCommand,
      (one) => saying(one, { data: { ...data(one), orderId: 'other' } }),
      /stream reprise\.order-o1, revision 0 \(seq \d+\): it belongs into order-other/,
    ],
    [
      'an outcome in another stream',
      isFill,
      (one) => saying(one, { data: { ...data(one), orderId: 'other' } }),
      /execution-o1.*belongs into execution-other/,
    ],
    ['a cause that never was', isFill, (one) => saying(one, { cause: 1e9 }), /its cause, input 1000000000, is not in/],
    [
      'an outcome without a cause',
      isFill,
      ({ event: { cause: _, ...event }, ...one }) => [{ ...one, event }],
      /outcome without a cause/,
    ],
    ['an unknown shape', isTick, (one) => saying(one, { version: 9 }), /ClockTicked version 9.*does not know/],
    [
      'a shape that is broken',
      isCommand,
      (one) => saying(one, { data: { orderId: 'o1' } }),
      /does not look as it should/,
    ],
    ['data that are none', isTick, (one) => saying(one, { data: null }), /its data is no object/],
    [
      'an id that does not follow',
      isTick,
      (one) => [{ ...one, id: 'f0' }],
      /its id is f0, and from what is stored follows/,
    ],
    [
      'a checkpoint whose content was changed',
      isPart,
      (one) => saying(one, { data: { ...data(one), text: `${data(one)['text']!} ` } }),
      /stream reprise\.checkpoints-\d+, revision \d+: the checkpoint at input \d+ is not what its hash says/,
    ],
    ['a checkpoint that lacks a piece', isPart, () => [], /the checkpoint at input \d+ is not whole/],
    [
      'a checkpoint whose digest was changed',
      isTaken,
      (one) => saying(one, { data: { ...data(one), inputsDigest: 'f0' } }),
      /are not those that its checkpoint says/,
    ],
  ] as readonly (readonly [
    string,
    (stored: StoredEvent) => boolean,
    (stored: StoredEvent) => readonly StoredEvent[],
    RegExp,
  ])[])
    it(`finds ${what}`, async () => {
      const { findings } = await check(where(is, other));
      const found = findings.find(({ message }) => says.test(message));
      expect(found, JSON.stringify(findings)).not.to.equal(undefined);
      expect(findings.length).to.be.below(5);
    });

  it('knows an id that does follow', async () => {
    const named = altered(sound, (one) => ({ ...one, id: eventId(one.stream, one.revision, one.event) }));
    expect((await check(named)).findings).to.deep.equal([]);
  });

  it('takes what retention dropped for no damage', async () => {
    const stage = await new LiveStage({ latency: 0 }).start(T0 + 3_330_000_000);
    stage.feed.say(snapshot(T0 + 3_330_000_001, [['100', '50']], [['101', '50']]));
    await stage.pass(T0 + 4_100_000_000);
    await stage.run.stop();
    const { log } = stage;
    expect((await check(log)).findings).to.deep.equal([]);
    const plan = await retentionPlan(log, DEFAULT_LOG_NAME, T0 + 2 * 3_600_000_000);
    expect(plan.droppable).to.have.length(2);
    await dropPlanned(log, plan);
    const { findings, notes } = await check(log);
    expect(findings).to.deep.equal([]);
    expect(notes.join()).to.match(/inputs between \d+ and \d+, in \d+ stretch.* are gone, as retention leaves a log/);
  });

  it('takes inputs that a run names as lost for no damage', async () => {
    const stage = new LiveStage({ latency: 0 });
    stage.log = { ...memoryLog(), sideBySide: true };
    await stage.start();
    stage.feed.say(snapshot(T0 + 1, [['100', '50']], [['101', '50']]));
    await stage.pass(T0 + 2_000_000);
    const release = await stage.hold();
    stage.feed.say(snapshot(T0 + 3, [['100', '51']], [['101', '50']]));
    await stage.settled();
    const submitted = stage.submit('o1', { quantity: '1', duration: '1m' }).catch(() => undefined);
    await stage.tear((stream) => !stream.includes('market-'), release);
    await submitted;
    const torn = await check(stage.log);
    expect(torn.findings).to.deep.equal([]);
    expect(torn.notes.join()).to.match(/inputs \d+ to \d+ was cut off/);
    const whole = await check({ ...stage.log, sideBySide: undefined as never });
    expect(whole.findings.map(({ message }) => message).join()).to.match(/inputs \d+ to \d+ are missing/);

    await stage.start(T0 + 5_000_000);
    await stage.pass(T0 + 9_000_000);
    await stage.run.stop();
    const { findings, notes } = await check(stage.log);
    expect(findings).to.deep.equal([]);
    expect(notes.join()).to.match(/inputs \d+ to \d+ are named as lost/);
    expect(notes.join()).to.match(/of the lost inputs stand in their streams/);
  });
});
