import { expect } from 'chai';
import { Engine } from '../../core/engine/engine.js';
import { encodeOutcome } from './encode-outcome.js';
import type { Assumption } from '../../core/desk/settings.js';
import { sizeText } from '../../core/market/instrument.js';
import type { LevelText, MarketEvent } from '../../core/market/events.js';
import type { LogEvent } from '../../core/ports.js';
import { parseDuration } from '../../core/time.js';
import {
  amendedWith,
  at,
  batchesOf,
  BTC,
  commanded,
  defined,
  delta,
  interrupted,
  run,
  snapshot,
  SPOT,
  submitted,
  ticked,
  traded,
  type Happening,
} from './market.js';

export const ASSUMPTIONS: readonly Assumption[] = ['optimistic', 'expected', 'pessimistic'];

/** A story as docs/fills.md tells it: settings, then what came in and what follows from it. */
export interface Story {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The stories of a page: its code blocks that are marked as such. */
export function storiesIn(page: string): Story[] {
  return [...page.matchAll(/^```story (.+)\n([\s\S]*?)^```$/gm)].map(([, title, text]) => ({
    title: title!,
    lines: text!.split('\n').filter((line) => line.trim() !== ''),
  }));
}

/** Tells a story under an assumption and checks what it says. */
export function tell(story: Story, assume: Assumption): void {
  const { inputs, checks } = read(story, assume);
  const told: LogEvent[] = [];
  const engine = new Engine((concluded) => told.push(encodeOutcome(concluded)));
  let checked = 0;
  batchesOf(inputs, 1).forEach((batch, i) => {
    engine.fold(batch);
    const due = checks.filter(({ after }) => after === i);
    if (due.length === 0) return;
    const news = told.slice(checked);
    checked = told.length;
    const how = `${assume}, ${due.map(({ line }) => line).join(' ')}`;
    check(
      due.map(({ line }) => line).filter((line) => !line.startsWith('ahead ')),
      news,
      how,
    );
    for (const { line } of due) if (line.startsWith('ahead ')) expect(`ahead ${aheadIn(engine)}`, how).to.equal(line);
  });
}

function check(lines: readonly string[], news: readonly LogEvent[], how: string): void {
  const fills = news.filter(({ type }) => type === 'ChildFilled').map(({ data }) => data as Record<string, string>);
  const rejected = news
    .filter(({ type }) => type === 'ChildRejected')
    .map(({ data }) => data as Record<string, string>);
  const expectsFills = lines.filter((line) => line.startsWith('fill ') || line === 'no fill');
  if (expectsFills.length > 0)
    expect(
      fills.map(({ quantity, price, rule }) => `fill ${quantity!} at ${price!} by ${rule!}`),
      how,
    ).to.deep.equal(expectsFills.filter((line) => line !== 'no fill'));
  const expectsRejections = lines.filter((line) => line.startsWith('rejected '));
  if (expectsRejections.length > 0)
    expect(
      rejected.map(({ reason }) => `rejected ${reason!}`),
      how,
    ).to.deep.equal(expectsRejections);
}

function aheadIn(engine: Engine): string {
  const units = engine.markets.get(BTC)!.units;
  const resting = [...engine.desks.values()].flatMap(({ orders }) =>
    [...orders.values()].flatMap(({ children }) => children.filter(({ rests }) => rests)),
  );
  return resting.map(({ aheadLots }) => sizeText(aheadLots, units)).join(' ');
}

interface Check {
  /** Index of the input that it stands behind. */
  readonly after: number;
  readonly line: string;
}

function read(story: Story, assume: Assumption): { inputs: Happening[]; checks: Check[] } {
  let latency = 0;
  let definition = { ...SPOT, minQuantity: '0', fees: { maker: '0', taker: '0' } };
  const happenings: Happening[] = [];
  const checks: Check[] = [];
  let orders = 0;
  for (const line of story.lines) {
    const [first = '', ...words] = line.trim().split(/\s+/);
    if (first === 'latency') latency = parseDuration(words[0]!)!;
    else if (first === 'published') definition = { ...definition, publishedDepth: Number(words[0]) };
    else if (first === '=>') {
      const said = ASSUMPTIONS.find((each) => each === words[0]);
      const text = (said === undefined ? words : words.slice(1)).join(' ');
      if (said === undefined || said === assume) checks.push({ after: happenings.length + 1, line: text });
    } else happenings.push(happening(Number(first), words, `o${++orders}`));
  }
  // the run and the definition come first
  return { inputs: [run({ latency, assume }), defined(definition), ...happenings], checks };
}

function happening(seconds: number, words: readonly string[], orderId: string): Happening {
  const now = at(seconds);
  const [what, ...rest] = words;
  const venueWord = rest.indexOf('venue');
  const venueAt = venueWord < 0 ? now : at(Number(rest[venueWord + 1]));
  const stamped = (event: MarketEvent): MarketEvent => ({ ...event, data: { ...event.data, venueAt } }) as MarketEvent;
  switch (what) {
    case 'snapshot':
      return stamped(snapshot(now, levels(rest, 'bid'), levels(rest, 'ask')));
    case 'depth':
      return stamped(delta(now, levels(rest, 'bid'), levels(rest, 'ask')));
    case 'trade':
      return stamped(traded(now, { side: rest[0] as 'buy' | 'sell', quantity: rest[1]!, price: rest[3]! }));
    case 'gap':
      return interrupted(now);
    case 'tick':
      return ticked(now);
    case 'cancel':
      return commanded(now, 'CancelOrder', rest[0] ?? 'o2');
    case 'show':
      return amendedWith(now, { maxDisplayQuantity: rest[0]! }, rest[1] ?? 'o2');
    case 'take':
      return submitted(
        now,
        { account: 'default', side: rest[0] as 'buy' | 'sell', quantity: rest[1]!, duration: '1h', slices: 1 },
        orderId,
      );
    case 'quote':
      // a limit puts it at that price, however good the market's own is
      return submitted(
        now,
        {
          side: rest[0] as 'buy' | 'sell',
          quantity: rest[1]!,
          limitPrice: rest[3]!,
          quote: 'inside',
          duration: '1h',
          slices: 1,
          aggressionFloor: '100',
          requoteInterval: '1h',
        },
        orderId,
      );
    default:
      throw new Error(`a story does not know ${what ?? 'nothing'}`);
  }
}

/** The levels behind a word, up to the next word. */
function levels(words: readonly string[], side: 'bid' | 'ask'): LevelText[] {
  const from = words.indexOf(side);
  if (from < 0) return [];
  const found: LevelText[] = [];
  for (const word of words.slice(from + 1)) {
    const level = /^([\d.]+)x([\d.]+)$/.exec(word);
    if (level === null) break;
    found.push([level[1]!, level[2]!]);
  }
  return found;
}
