import { DEFAULT_LOG_NAME, checkpointStream, streamOfInput } from '../../adapters/log/streams.js';
import { Engine } from '../../core/engine/engine.js';
import type { InstrumentDefinition } from '../../core/market/events.js';
import type { LogEvent } from '../../core/ports.js';
import { ENGINE_VERSION } from '../../core/version.js';
import { capture, checkpointEvents } from '../../replay/checkpoints.js';
import { Conclusions } from '../../replay/conclusions.js';
import type { TwapParameters } from '../../core/orders/parameters.js';
import {
  amendedWith,
  batchesOf,
  defined,
  delta,
  interrupted,
  run,
  SPOT,
  submitted,
  ticked,
  type Happening,
} from './market.js';
import { RandomStory } from './random-story.js';

/** One event in its stream, as a line of `fixtures/shapes`. */
export interface Line {
  readonly stream: string;
  readonly event: LogEvent;
}

/**
 * A log of this version in which every shape that it writes stands at least once: a random story, with the fields that
 * venues and people may leave out put in here and there, and one desk broken by hand so that it halts.
 */
export async function logOfAllShapes(seed: number, count: number): Promise<Line[]> {
  const inputs = story(seed, count);
  const lines: Line[] = [];
  const put = (stream: string, event: LogEvent): void => {
    lines.push({ stream: DEFAULT_LOG_NAME + stream, event: JSON.parse(JSON.stringify(event)) as LogEvent });
  };
  const conclusions = new Conclusions(({ stream, revision: _, ...event }) => put(stream, event));
  const engine = new Engine(conclusions.take);
  for (const [i, input] of inputs.entries()) {
    const seq = i + 1;
    const event = numbered(input, seq, conclusions.count + 1);
    put(streamOfInput(event), event);
    for (const batch of batchesOf([event as unknown as Happening], 1, seq)) engine.fold(batch);
    const broken = engine.desks.get('broken')?.orders.get('broken');
    if (broken?.status === 'running') broken.filledLots = 2 * broken.quantityLots;
    if (seq === Math.floor(inputs.length / 2)) {
      const more = { inputsDigest: '0'.repeat(64), after: String(lines.length) };
      const taken = await checkpointEvents(capture(engine), engine.clock, more);
      for (const each of taken) put(checkpointStream(engine.clock), each);
    }
  }
  return lines;
}

const GIVEN = { balances: { USD: '10000', BTC: '5' }, rules: { [SPOT.instrument]: { tickSize: '0.125' } } };
const EVERY_KEY: Readonly<Record<keyof TwapParameters, unknown>> = {
  instrument: SPOT.instrument,
  account: 'alice',
  side: 'sell',
  quantity: '2',
  targetPosition: null,
  startTime: 'manual',
  endTime: null,
  duration: '1m',
  sliceInterval: null,
  slices: 10,
  sliceQuantity: null,
  limitPrice: '100',
  maxSpreadTicks: 4,
  maxDisplayQuantity: '1',
  maxParticipation: '0.5',
  aggressionFloor: '20',
  aggressionCap: '10',
  guaranteed: true,
  quote: 'join',
  requoteInterval: '2s',
  randomizeSize: '0.1',
  randomizeTime: '0.1',
  catchUp: 'next',
  afterWindow: 'quote',
};

function story(seed: number, count: number): Happening[] {
  const [begin, ...rest] = new RandomStory(seed).inputs(count) as [Happening, ...Happening[]];
  const { at } = begin;
  const other: InstrumentDefinition = { ...SPOT, instrument: 'ETH-USD@test', base: 'ETH', kind: 'linear' };
  const inputs: Happening[] = [
    run({ fees: { maker: '0', taker: '0.001' } }, { at, live: true, settings: GIVEN }),
    begin,
    defined({ ...other, rulesAsOf: '2024-01-01', startsEmpty: true, publishedDepth: 5, noTrades: true }, at),
    delta(at, [['10', '1']], [['11', '1']], other.instrument),
    { type: 'FundsDeposited', version: 1, at, data: { account: 'alice', currency: 'USD', amount: '100' } },
    ...rest.map(dressed),
  ];
  const middle = Math.floor(inputs.length / 2);
  const then = inputs[middle]!.at;
  inputs.splice(
    middle,
    0,
    delta(then, [], []),
    interrupted(then, 'silent', other.instrument),
    submitted(then, { account: 'broken', quantity: '2', duration: '20s', slices: 4 }, 'broken'),
    amendedWith(then, EVERY_KEY, 'nobody'),
  );
  const last = inputs.at(-1)!.at;
  for (let second = 1; second <= 70; second++) inputs.push(ticked(last + second * 1_000_000));
  return inputs;
}

/** With what may be left out put in, at every third or so. */
function dressed(input: Happening, i: number): Happening {
  if ('orderId' in input.data && i % 4 !== 0)
    return { ...input, data: { ...input.data, actor: 'someone' } } as Happening;
  if (i % 3 !== 0) return input;
  switch (input.type) {
    case 'BookSnapshot':
      return { ...input, data: { ...input.data, venueAt: input.at - 1500, venueSeq: i } };
    case 'BookDelta':
      return i % 2 === 0
        ? { ...input, data: { ...input.data, venueAt: input.at - 1500, venueSeq: i } }
        : { ...input, data: { ...input.data, venueSeq: i, bids: [], asks: [], dropped: true } };
    case 'Traded': {
      const trades = input.data.trades.map((trade) => ({ ...trade, tradeId: i }));
      return { ...input, data: { ...input.data, venueAt: input.at - 1500, trades } };
    }
    case 'FeedInterrupted':
      return { ...input, data: { ...input.data, venueAt: input.at, detail: 'the book went from 7 to 9' } };
    case 'FeedResumed':
      return { ...input, data: { ...input.data, venueAt: input.at } };
    default:
      return input;
  }
}

function numbered(input: Happening, seq: number, firstN: number): LogEvent {
  const data =
    input.type === 'RunStarted'
      ? { ...input.data, engineVersion: ENGINE_VERSION, firstSeq: seq, firstN }
      : { ...input.data };
  return { ...input, seq, data } as unknown as LogEvent;
}
