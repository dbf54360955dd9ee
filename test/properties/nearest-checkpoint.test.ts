import { expect } from 'chai';
import { memoryLog } from '../../adapters/log/memory.js';
import { checkpointStream, DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import { LogFailure, type EventLog, type LogEvent, type StoredEvent } from '../../core/ports.js';
import { MICROS } from '../../core/time.js';
import { checkpoints, type FoundCheckpoint } from '../../replay/checkpoints.js';
import { isBeyond, type Moment } from '../../replay/moment.js';
import { checkpointsBack, nearestCheckpoint, NEWEST } from '../../replay/nearest-checkpoint.js';
import { T0 } from '../support/market.js';
import { seeds } from '../support/random-story.js';
import { seeded } from '../support/seeded.js';

const GAPS = [1, 1, 2, 7];

interface Torn {
  readonly log: EventLog;
  /** Where the engine stood at each checkpoint that was begun, torn ones included. */
  readonly begun: readonly { readonly seq: number; readonly at: number }[];
}

/** Days of checkpoints, many of which their writer did not bring to an end. */
async function torn(seed: number): Promise<Torn> {
  const draw = seeded(seed);
  const upTo = (most: number): number => Math.floor(draw() * most);
  const log = memoryLog();
  const begun: { seq: number; at: number }[] = [];
  let seq = 0;
  let at = T0 + upTo(MICROS.d);
  for (let i = 0; i < 60; i++) {
    if (draw() < 0.9) seq += GAPS[upTo(GAPS.length)]!; // one of a writer that died may stand at the same input
    at += upTo(2 * MICROS.h);
    begun.push({ seq, at });
    const parts = 1 + upTo(4);
    const events: LogEvent[] = Array.from({ length: parts }, (_, part) => ({
      type: 'CheckpointPart',
      version: 1,
      at,
      data: { checkpoint: seq, part, text: `${i}.${part}\n` },
    }));
    const data = { seq, n: i, parts, stateHash: String(i).padStart(64, '0'), inputsDigest: '0'.repeat(64), after: '' };
    events.push({ type: 'CheckpointTaken', version: 1, at, data });
    const written = draw() < 0.4 ? events.slice(0, 1 + upTo(parts)) : events;
    await log.append([{ stream: DEFAULT_LOG_NAME + checkpointStream(at), expected: 'any', events: written }]);
  }
  return { log, begun };
}

/** As a folder with flipped bits reads: an event that is damaged ends the reading. */
function damaged(log: EventLog, isDamaged: (stored: StoredEvent) => boolean): EventLog {
  return {
    ...log,
    async *readStream(stream, options) {
      for await (const page of log.readStream(stream, options)) {
        const end = page.findIndex(isDamaged);
        if (end === -1) yield page;
        else {
          if (end > 0) yield page.slice(0, end);
          throw new LogFailure('damaged', `${stream}, ${page[end]!.revision}`);
        }
      }
    },
  };
}

/** What a plain reading of everything finds, the newest first. */
async function plainly(log: EventLog, isDamaged: (stored: StoredEvent) => boolean): Promise<FoundCheckpoint[]> {
  const left = memoryLog();
  for await (const page of log.readAll())
    for (const stored of page) {
      const { stream, event } = stored;
      if (!isDamaged(stored)) await left.append([{ stream, expected: 'any', events: [event] }]);
      // nothing that stands on the damaged one is whole
      else await left.append([{ stream, expected: 'any', events: [{ ...event, type: 'CheckpointPart', data: LOST }] }]);
    }
  const all: FoundCheckpoint[] = [];
  for await (const found of checkpoints(left, DEFAULT_LOG_NAME)) if (!found.lines.includes('lost')) all.unshift(found);
  return all;
}

const LOST = { checkpoint: 0, part: 999, text: 'lost\n' };

const momentsOf = (begun: Torn['begun']): Moment[] => [
  NEWEST,
  ...begun.flatMap(({ seq, at }) => [
    { seq: seq - 1 },
    { seq },
    { seq: seq + 1 },
    { at: at - 1 },
    { at },
    { at: at + 1 },
  ]),
];

describe('the checkpoint nearest to a moment', () => {
  for (const seed of seeds(12)) {
    it(`is the one that a reading of all of them finds, whatever is torn (REPRISE_SEED=${seed})`, async () => {
      const { log, begun } = await torn(seed);
      const all = await plainly(log, () => false);
      const clocks = new Map(begun.map(({ at }, i) => [i, at]));
      for (const moment of momentsOf(begun)) {
        const expected = all.find(({ seq, n }) => !isBeyond(moment, { seq, at: clocks.get(n)! }));
        expect(await nearestCheckpoint(log, DEFAULT_LOG_NAME, moment), JSON.stringify(moment)).to.deep.equal(expected);
      }
    });

    it(`is followed back by those before it, whatever is damaged (REPRISE_SEED=${seed})`, async () => {
      const { log, begun } = await torn(seed);
      const draw = seeded(seed + 1);
      const spoilt = new Set<string>();
      for await (const page of log.readAll())
        for (const { stream, revision } of page) if (draw() < 0.15) spoilt.add(`${stream} ${revision}`);
      const isDamaged = ({ stream, revision }: StoredEvent): boolean => spoilt.has(`${stream} ${revision}`);
      const all = await plainly(log, isDamaged);
      const clocks = new Map(begun.map(({ at }, i) => [i, at]));
      for (const moment of momentsOf(begun)) {
        const told: LogFailure[] = [];
        const found: FoundCheckpoint[] = [];
        const reading = damaged(log, isDamaged);
        for await (const one of checkpointsBack(reading, DEFAULT_LOG_NAME, moment, (damage) => told.push(damage)))
          found.push(one);
        const expected = all.filter(({ seq, n }) => !isBeyond(moment, { seq, at: clocks.get(n)! }));
        expect(found, JSON.stringify(moment)).to.deep.equal(expected);
        expect(told.every(({ code }) => code === 'damaged')).to.equal(true);
      }
    });
  }

  it('costs the pieces of one checkpoint and a look for each halving', async () => {
    const { log, begun } = await torn(3);
    const middle = begun[Math.floor(begun.length / 2)]!;
    let events = 0;
    const counted: EventLog = {
      ...log,
      async *readStream(stream, options) {
        for await (const page of log.readStream(stream, options)) {
          events += page.length;
          yield page;
        }
      },
    };
    await nearestCheckpoint(counted, DEFAULT_LOG_NAME, NEWEST);
    expect(events).to.be.below(12);
    events = 0;
    await nearestCheckpoint(counted, DEFAULT_LOG_NAME, { seq: middle.seq });
    let all = 0;
    for await (const { lastRevision } of log.rolls(DEFAULT_LOG_NAME)) all += lastRevision + 1;
    expect(events).to.be.below(all / 2);
  });
});
