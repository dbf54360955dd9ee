import { expect } from 'chai';
import { DEFAULT_LOG_NAME } from '../../../adapters/log/streams.js';
import { capture } from '../../../core/engine/checkpoint.js';
import type { DeskContent } from '../../../core/engine/desk-content.js';
import { Engine } from '../../../core/engine/engine.js';
import { executedLots } from '../../../core/orders/state.js';
import { LogFailure, type EventLog } from '../../../core/ports.js';
import { restoreCheckpoint, type FoundCheckpoint } from '../../../replay/checkpoints.js';
import { sha256 } from '../../../replay/digest.js';
import { asBatch, foldForeign, stretches } from '../../../replay/epochs.js';
import { logPages, type LogPagesOptions } from '../../../replay/log-pages.js';
import { checkpointIn, earlierEvents, earlierLog } from '../../support/earlier-log.js';

const concludesNothing = (): never => expect.fail('an epoch of another version concludes nothing');

async function foldedOn(engine: Engine, log: EventLog, from: LogPagesOptions): Promise<Engine> {
  for await (const stretch of stretches(logPages(log, DEFAULT_LOG_NAME, from), engine.engineVersion))
    if (stretch.own) engine.fold(asBatch(stretch.events));
    else foldForeign(engine, stretch);
  return engine;
}

/** The lines of a checkpoint whose head says something else. */
const retold = ([units, head, ...books]: readonly string[], from: string, to: string): string[] => [
  units!,
  head!.replace(from, to),
  ...books,
];

function failureOf(act: () => unknown): LogFailure {
  try {
    act();
  } catch (error) {
    if (error instanceof LogFailure) return error;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

describe('a checkpoint of 0.1.0', () => {
  let log: EventLog;
  let found: FoundCheckpoint;
  let engine: Engine;
  beforeEach(async () => {
    log = await earlierLog('0.1.0');
    found = await checkpointIn(log);
    engine = restoreCheckpoint(found, concludesNothing);
  });

  it('keeps every order that was open, and its takes on their way', () => {
    const head = JSON.parse(found.lines[1]!) as { readonly version: number; readonly desks: readonly DeskContent[] };
    expect(head.version).to.equal(1);
    const orders = [...engine.desks.values()].flatMap((desk) => [...desk.orders.values()]);
    expect(orders.map(({ orderId }) => orderId)).to.have.members(
      head.desks.flatMap((desk) => desk.orders.map(({ orderId }) => orderId)),
    );
    const running = engine.desks.get('default')!.orders.get('running')!;
    expect(running.children).to.have.length(1);
    // 0.006 are filled and reported, 0.0021 on their way
    expect([running.filledLots, executedLots(running)]).to.deep.equal([60, 81]);
    expect(running.plan).to.deep.include({ baseLots: 0, lineLots: 600 });
  });

  it('knows the mid of each book', () => {
    for (const { book, mids } of engine.markets.values())
      expect(mids.mid2)
        .to.equal(book.best(0) + book.best(1))
        .and.to.be.above(0);
  });

  it('gives the state to which the whole log leads', async () => {
    const { after, seq, n } = found;
    const fromHere = await foldedOn(engine, log, { after, afterSeq: seq, afterN: n });
    const fromBeginning = await foldedOn(new Engine(concludesNothing), log, {});
    const [here, whole] = [fromHere, fromBeginning].map(orderly);
    expect(here).to.deep.equal(whole);
    expect(fromHere.desks.get('broken')!.halted).to.include('more than ordered');
  });

  it('is refused where its content is not what its hash says', () => {
    const lines = retold(found.lines, '"late":0', '"late":1');
    expect(failureOf(() => restoreCheckpoint({ ...found, lines }, concludesNothing)).code).to.equal('damaged');
  });

  it('is refused with a sentence when its shape is of a later version', () => {
    const lines = retold(found.lines, '"version":1', '"version":99');
    const digest = sha256();
    for (const line of lines.slice(1)) digest.update(`${line}\n`);
    const failure = failureOf(() => restoreCheckpoint({ ...found, lines, stateHash: digest.hex() }, concludesNothing));
    expect(failure.code).to.equal('foreign');
    expect(failure.message).to.include('shape 99').and.include('use the version that wrote it');
  });

  it('stands in a fixture with every event that 0.1.0 wrote', () => {
    const types = new Set(earlierEvents('0.1.0').map(({ event }) => event.type));
    expect([...types].sort()).to.deep.equal(WRITTEN_BY_0_1_0);
  });
});

/** All that says what an engine does next; sums of the mid begin at the checkpoint, and only differences of them are read. */
function orderly(engine: Engine): unknown {
  const { desks, revisions, clock, seq, n } = capture(engine).head as unknown as {
    readonly desks: readonly DeskContent[];
  } & Record<string, unknown>;
  const known = desks.map((desk) => ({ ...desk, orders: desk.orders.map(({ cause: _, ...order }) => order) }));
  return { known, revisions, clock, seq, n };
}

const WRITTEN_BY_0_1_0 = [
  'AccountOpened',
  'AmendOrder',
  'BookDelta',
  'BookSnapshot',
  'CancelOrder',
  'CheckpointPart',
  'CheckpointTaken',
  'ChildCancelled',
  'ChildFilled',
  'ChildPlaced',
  'ChildReported',
  'ClockTicked',
  'CommandRefused',
  'DeskHalted',
  'FeedInterrupted',
  'FeedResumed',
  'FundsDeposited',
  'InputLate',
  'InstrumentDefined',
  'OrderAccepted',
  'OrderAmended',
  'OrderCancelled',
  'OrderCompleted',
  'OrderPaused',
  'OrderRefused',
  'OrderResumed',
  'OrderStarted',
  'OrderStopped',
  'PauseOrder',
  'ResumeOrder',
  'RunStarted',
  'SliceReleased',
  'SliceSkipped',
  'StartOrder',
  'StopOrder',
  'SubmitTwap',
  'Traded',
  'TrustLost',
  'TrustRegained',
];
