import { encodeOutcome } from './encode-outcome.js';
import { Engine } from '../../core/engine/engine.js';
import { isMarketEvent } from '../../core/market/events.js';
import type { Assumption } from '../../core/desk/settings.js';
import type { LogEvent } from '../../core/ports.js';
import { batchesOf, type Happening } from './market.js';
import { PlainVenue, type Answer, type Pull, type Sent } from './plain-venue.js';

type Text = Readonly<Record<string, string>>;
const TAKE_OPEN = { buy: Number.MAX_SAFE_INTEGER, sell: 0 };

/** An outcome as it stands in the log, the input that it came behind, and whether at once or when the clock went on. */
export type Told = LogEvent & { readonly behind: number; readonly atOnce: boolean };

/** Folds inputs one by one and gives what was concluded. */
export function outcomesOf(inputs: readonly Happening[], until: number): Told[] {
  const outcomes: Told[] = [];
  let seq = 0;
  const engine = new Engine((concluded) => {
    const outcome = encodeOutcome(concluded);
    // a timer goes off before the input that moved the clock past it
    const atOnce = (outcome as unknown as { cause: number }).cause === seq;
    outcomes.push({ ...outcome, behind: atOnce ? seq : seq - 1, atOnce });
  });
  for (const batch of batchesOf(inputs, 1)) {
    seq++;
    engine.fold(batch);
  }
  seq++;
  engine.passTo(until);
  return outcomes;
}

const UNITS = { tick: 0.5, lot: 0.1 };
const ticks = (text: string): number => Math.round(Number(text) / UNITS.tick);
const lots = (text: string): number => Math.round(Number(text) / UNITS.lot);

/** What the planner sent: the children and the cancels, as they can be read in the outcomes. */
export function sentIn(outcomes: readonly Told[]): { sent: Sent[]; pulls: Pull[] } {
  const orders = new Map<string, { account: string; side: 'buy' | 'sell' }>();
  const sent: Sent[] = [];
  const pulls: Pull[] = [];
  outcomes.forEach((outcome, n) => {
    const data = outcome.data as Text;
    const { behind } = outcome;
    if (outcome.type === 'OrderAccepted')
      orders.set(data['orderId']!, data['parameters'] as unknown as { account: string; side: 'buy' | 'sell' });
    if (outcome.type === 'ChildPlaced') {
      const { account, side } = orders.get(data['orderId']!)!;
      sent.push({
        childId: data['childId']!,
        account,
        side,
        style: data['style'] as 'take' | 'quote',
        price: data['limitPrice'] === undefined ? TAKE_OPEN[side] : ticks(data['limitPrice']),
        lots: lots(data['quantity']!),
        arrivesAt: Number(data['arrivesAt']),
        behind,
        n,
      });
    }
    if (outcome.type === 'ChildPullRequested')
      pulls.push({
        childId: data['childId']!,
        keep: lots(data['keep']!),
        effectiveAt: Number(data['effectiveAt']),
        behind,
        n,
      });
  });
  return { sent, pulls };
}

/** What the venue answered according to the outcomes, in the words of the plain venue. */
export function answersIn(outcomes: readonly LogEvent[]): Answer[] {
  const takes = new Set<string>();
  return outcomes.flatMap(({ type, at, data }) => {
    const { childId, style, quantity, price, rule, reason, ahead } = data as Text;
    if (style === 'take') takes.add(childId!);
    if (type === 'ChildFilled')
      return { at, text: `${childId!} fill ${lots(quantity!)} at ${ticks(price!)} by ${rule!}` };
    if (type === 'ChildRested')
      return { at, text: `${childId!} rests behind ${ahead === undefined ? '?' : lots(ahead)}` };
    if (type === 'ChildRejected')
      return { at, text: `${childId!} rejected${reason === 'would_cross' ? ' would_cross' : ''}` };
    if (lots(quantity ?? '0') > 0 && ((type === 'ChildCancelled' && !takes.has(childId!)) || type === 'ChildReduced'))
      return { at, text: `${childId!} loses ${lots(quantity!)}` };
    return [];
  });
}

/** The answers of each account by itself: accounts do not meet, so their order among each other means nothing. */
export function byAccount(answers: readonly Answer[], sent: readonly Sent[]): Answer[] {
  const accounts = new Map(sent.map(({ childId, account }) => [childId, account]));
  const of = ({ text }: Answer): string => accounts.get(text.slice(0, text.indexOf(' ')))!;
  return [...new Set(accounts.values())].sort().flatMap((account) => answers.filter((each) => of(each) === account));
}

/** What the plain venue answers to the same children. */
export function plainAnswers(
  inputs: readonly Happening[],
  outcomes: readonly Told[],
  how: { readonly assume: Assumption; readonly published?: number; readonly until: number },
): Answer[] {
  const { sent, pulls } = sentIn(outcomes);
  const venue = new PlainVenue(sent, pulls, how.assume, UNITS, how.published);
  inputs.forEach((input, i) => {
    if (isMarketEvent(input)) venue.meet(i + 1, input);
    else venue.passTo(input.at, i + 1);
  });
  venue.passTo(how.until);
  return venue.answers;
}
