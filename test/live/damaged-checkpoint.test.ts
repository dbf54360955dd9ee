import { expect } from 'chai';
import { join } from 'node:path';
import { openEmbeddedLog } from '../../adapters/log/embedded/open.js';
import { memoryLog } from '../../adapters/log/memory.js';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import type { EventLog, LogEvent } from '../../core/ports.js';
import type { CheckpointData, PieceData } from '../../replay/checkpoints.js';
import { stateHash } from '../../replay/digest.js';
import { verifyLog } from '../../replay/verify.js';
import { recordsOf, withFlippedBit } from '../support/damaged-folder.js';
import { LiveStage } from '../support/live-stage.js';
import { logFolder } from '../support/log-folder.js';
import { at, BTC, snapshot } from '../support/market.js';

/** Twelve minutes with an order in them, and two checkpoints on the way. */
async function lived(log: EventLog): Promise<LiveStage> {
  const stage = Object.assign(new LiveStage({ latency: 0 }), { log });
  await stage.start();
  for (let minute = 0; minute < 12; minute++) {
    stage.feed.say(snapshot(at(60 * minute + 1), [['100', '50']], [['101', `${50 + minute}`]]));
    await stage.pass(at(60 * minute + 3));
    if (minute === 1) await stage.submit('o1', { quantity: '15', duration: '15m', slices: 15 });
    await stage.pass(at(60 * minute + 59));
  }
  await stage.crash();
  return stage;
}

/** A run on a log, as it stands right after its start. */
async function started(log: EventLog): Promise<LiveStage> {
  return await Object.assign(new LiveStage({ latency: 0 }), { log }).start(at(730));
}

/** A log as another one would be in which each event was written so, or not at all. */
async function rewritten(
  log: EventLog,
  retold: (event: LogEvent) => LogEvent | undefined,
  other = memoryLog(),
): Promise<EventLog> {
  for await (const page of log.readAll())
    for (const { stream, event } of page) {
      const events = [retold(event)].filter((one) => one !== undefined);
      await other.append([{ stream, expected: 'any', events }]);
    }
  return other;
}

/** A checkpoint names a place of the store: there the first event of a chunk, as each event is appended alone. */
function standingAlone(event: LogEvent): LogEvent {
  if (event.type !== 'CheckpointTaken') return event;
  const data = event.data as unknown as CheckpointData;
  return { ...event, data: { ...data, after: `${data.after}.0` } };
}

async function seqsOfCheckpoints(log: EventLog): Promise<number[]> {
  const seqs: number[] = [];
  for await (const page of log.readAll({ prefixes: [`${DEFAULT_LOG_NAME}checkpoints-`] }))
    for (const { event } of page)
      if (event.type === 'CheckpointTaken') seqs.push((event.data as unknown as CheckpointData).seq);
  return seqs;
}

/** What is told of moments all over the log, by seq and by time. */
async function toldBy({ run }: LiveStage): Promise<unknown> {
  const told: unknown[] = [];
  for (let minute = 0; minute < 12; minute++)
    for (const moment of [{ at: at(60 * minute + 30) }, { seq: 40 + 60 * minute }])
      told.push(
        await run.past.book(BTC, 3, moment),
        await run.past.account('default', moment),
        await run.past.order('o1', moment),
      );
  return told;
}

describe('a damaged checkpoint', () => {
  let sound: LiveStage;
  let checkpoints: readonly number[];
  before(async () => {
    sound = await lived(memoryLog());
    checkpoints = await seqsOfCheckpoints(sound.log);
    expect(checkpoints).to.have.length(2);
  });

  /** Starts on a damaged log, which must be as a start on the sound one is, and say so once. */
  async function isPassedOver(log: EventLog, says: RegExp): Promise<void> {
    const plain = await started(await rewritten(sound.log, (event) => event));
    const stage = await started(log);
    expect(plain.damage).to.deep.equal([]);
    expect(stateHash(stage.run.engine)).to.equal(stateHash(plain.run.engine));
    expect(await stage.run.order('o1')).to.deep.equal(await plain.run.order('o1'));
    expect(await toldBy(stage)).to.deep.equal(await toldBy(plain));
    expect(stage.damage).to.have.length(1);
    expect(stage.damage[0]).to.match(says);
    await stage.pass(at(800));
    await stage.run.stop();
    await plain.run.stop();
    expect((await verifyLog(log, DEFAULT_LOG_NAME)).same).to.equal(true);
  }

  const isPieceOf = ({ type, data }: LogEvent, seq: number): boolean =>
    type === 'CheckpointPart' && (data as unknown as PieceData).checkpoint === seq;

  it('gives way to the one before it, where its content is not what its hash says', async () => {
    const last = checkpoints.at(-1)!;
    const log = await rewritten(sound.log, (event) => {
      if (!isPieceOf(event, last)) return event;
      const { text, ...rest } = event.data as unknown as PieceData;
      return { ...event, data: { ...rest, text: text.replace('"late":0', '"late":1') } };
    });
    await isPassedOver(log, new RegExp(`the checkpoint at input ${last} is not what its hash says; .*log check`));
  });

  it('gives way to the one before it, where a piece of it is missing', async () => {
    const last = checkpoints.at(-1)!;
    const log = await rewritten(sound.log, (event) => (isPieceOf(event, last) ? undefined : event));
    await isPassedOver(log, new RegExp(`the checkpoint at input ${last} has 1 pieces, and 0 are found; .*log check`));
  });

  it('gives way to the one before it, where a bit of its record is another one', async () => {
    const folder = logFolder();
    const [whole, spoilt] = [join(folder.path, 'whole'), join(folder.path, 'spoilt')];
    const written = await openEmbeddedLog(whole);
    await rewritten(sound.log, standingAlone, written);
    await written.close();
    const piece = (await recordsOf(whole, 'chunks')).filter((record) => record.includes('"CheckpointPart"')).at(-1)!;
    withFlippedBit(whole, spoilt, piece, 8 * Math.floor(piece.length / 2));
    const log = await openEmbeddedLog(spoilt);
    await isPassedOver(log, /stream reprise.checkpoints-20240101, revision 2: chunk \d+ is damaged/);
    await log.close();
    folder.remove();
  });
});
