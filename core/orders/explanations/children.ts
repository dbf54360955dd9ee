import { Decimal } from '../../decimal.js';
import type { SkipReason } from '../outcomes.js';
import { takesSlices } from '../pace.js';
import { tookSentence } from './fills.js';
import { pullClause, skipClause } from './reasons.js';
import { circumstances, join, quantity, tell, time, type Moves, type Telling, type ToldChild } from './telling.js';
import type { Told } from './texts.js';
import { timesText } from './words.js';

const ZERO = new Decimal(0);

export function placed(telling: Telling, event: Told<'ChildPlaced'>): void {
  const { data, at } = event;
  const takes = data.style !== 'quote';
  const began = {
    placed: data,
    takes,
    placedAt: at,
    purpose: takes ? purposeOf(telling, event) : '',
    fills: [],
    open: new Decimal(data.quantity),
  };
  const moves = movesGoingOn(telling);
  if (!takes && moves?.pulled === true) {
    join(moves.entry, event);
    const { entry } = moves;
    entry.kind = 'repegged';
    entry.count = (entry.count ?? 0) + 1;
    moves.to = data.limitPrice;
    moves.lastAt = at;
    moves.pulled = false;
    delete moves.ahead;
    entry.text = movesSentence(telling, moves);
    telling.children.set(data.childId, { ...began, entry });
    return;
  }
  const entry = tell(telling, event, takes ? 'taking' : 'quoted', '');
  const child: ToldChild = { ...began, entry };
  telling.children.set(data.childId, child);
  entry.text = takes
    ? tookSentence(telling, child)
    : `Quotes ${quantity(telling, data.quantity)} at ${data.limitPrice}, ${styleClause(telling)}; ` +
      `it reaches the venue ${data.arrivesAt <= at ? 'at once' : `at ${time(telling, data.arrivesAt)}`}.`;
}

/** Why a take is decided, as far as the history says. */
function purposeOf({ parameters, aggressive, endAt }: Telling, { at, data }: Told<'ChildPlaced'>): string {
  if (parameters.guaranteed === true && at >= endAt) return ', the whole rest at the end of the window, as guaranteed';
  if (takesSlices(parameters)) return ` for slice ${data.slice}`;
  return aggressive ? ', up to the cap line' : '';
}

const STYLES = {
  join: 'at the best price of its side',
  improve: 'a tick inside where there is room',
  inside: 'a tick from the other side',
};

function styleClause({ parameters: { quote = 'improve', limitPrice } }: Telling): string {
  return STYLES[quote] + (limitPrice === undefined ? '' : `, never beyond ${limitPrice}`);
}

export function rested(telling: Telling, event: Told<'ChildRested'>): void {
  const { childId, quantity: rests, price, ahead } = event.data;
  const child = telling.children.get(childId)!;
  const moves = movesGoingOn(telling);
  if (moves !== undefined && moves.entry === child.entry) {
    join(moves.entry, event);
    if (ahead !== undefined) moves.ahead = ahead;
    moves.entry.text = movesSentence(telling, moves);
    return;
  }
  const queue =
    ahead === undefined
      ? 'at a level beyond the known depth, so nobody knows what stands ahead'
      : ahead === '0'
        ? 'first in the queue'
        : `behind the ${ahead} that its level displays`;
  child.entry = tell(telling, event, 'rested', `In the book: ${quantity(telling, rests)} at ${price}, ${queue}.`);
}

export function rejected(telling: Telling, event: Told<'ChildRejected'>): void {
  const { childId, quantity: lost, reason } = event.data;
  const child = telling.children.get(childId)!;
  child.open = ZERO;
  const why = skipClause(reason, circumstances(telling));
  const text = `The quote of ${quantity(telling, lost)} at ${child.placed.limitPrice} was rejected on arrival: ${why}.`;
  child.entry = tell(telling, event, 'rejected', text, { reason });
}

export function pulled(telling: Telling, event: Told<'ChildPullRequested'>): void {
  const { childId, keep, reason, effectiveAt } = event.data;
  const child = telling.children.get(childId)!;
  const { limitPrice } = child.placed;
  const moves = reason === 'repeg' ? movesGoingOn(telling) : undefined;
  if (moves !== undefined) {
    join(moves.entry, event);
    moves.pulled = true;
    moves.entry.text = moves.entry.kind === 'repegged' ? movesSentence(telling, moves) : moves.entry.text;
    child.pull = { reason, entry: moves.entry, answered: false };
    return;
  }
  const why = pullClause(reason, circumstances(telling));
  const quote = child.open.isZero()
    ? `the quote at ${limitPrice}, which is filled, as its order has yet to hear`
    : `the quote of ${quantity(telling, child.open)} at ${limitPrice}`;
  const when = effectiveAt <= event.at ? '' : `, in force at ${time(telling, effectiveAt)}`;
  const entry =
    keep === '0'
      ? tell(telling, event, 'pulled', `Pulls ${quote}: ${why}${when}.`, { reason })
      : tell(telling, event, 'shrunk', `Shrinks ${quote} to ${keep}: ${why}${when}.`, { reason });
  child.pull = { reason, entry, answered: false };
  if (reason === 'repeg')
    telling.moves = { entry, from: limitPrice, firstAt: event.at, lastAt: event.at, to: limitPrice, pulled: true };
}

export function reduced({ children }: Telling, event: Told<'ChildReduced'>): void {
  const child = children.get(event.data.childId)!;
  child.open = new Decimal(event.data.leaves);
  answersPull(child, event);
}

export function cancelled(telling: Telling, event: Told<'ChildCancelled'>): void {
  const { childId, quantity: lost, reason } = event.data;
  const child = telling.children.get(childId)!;
  child.open = ZERO;
  if (child.takes) {
    join(child.entry, event);
    child.entry.kind = child.fills.length === 0 ? 'took_nothing' : 'took';
    child.entry.reason = reason;
    child.entry.text = tookSentence(telling, child, { quantity: lost, reason: reason as SkipReason });
    return;
  }
  if (child.pull?.reason === reason) {
    answersPull(child, event);
    return;
  }
  const why = skipClause(reason as SkipReason, circumstances(telling));
  const text = `The quote of ${quantity(telling, lost)} at ${child.placed.limitPrice} was lost: ${why}.`;
  child.entry = tell(telling, event, 'quote_lost', text, { reason });
}

/** A pull has taken effect: its own entry tells of that. */
function answersPull(child: ToldChild, event: Told): void {
  const pull = child.pull!;
  const { entry } = pull;
  pull.answered = true;
  join(entry, event);
  child.entry = entry;
}

/** The planner hears of it: told with what it hears of. */
export function reported(telling: Telling, event: Told<'ChildReported'>): void {
  const { childId, filled, working } = event.data;
  const child = telling.children.get(childId)!;
  join(child.entry, event);
  telling.reported = telling.reported.add(filled);
  if (working !== true) telling.children.delete(childId);
}

/** The moves that the last entry sums up: with anything else told since, the next move begins another entry. */
function movesGoingOn({ moves, entries }: Telling): Moves | undefined {
  return moves !== undefined && entries.at(-1) === moves.entry ? moves : undefined;
}

function movesSentence(telling: Telling, { entry, from, to, firstAt, lastAt, pulled: again, ahead }: Moves): string {
  const { count = 1 } = entry;
  const when =
    count === 1 ? `at ${time(telling, firstAt)}` : `between ${time(telling, firstAt)} and ${time(telling, lastAt)}`;
  const place =
    again || ahead === undefined ? '' : ahead === '0' ? ', now first in the queue' : `, now behind ${ahead}`;
  const more = again ? ', and is pulled to move again' : '';
  return `The quote moved ${timesText(count)} ${when}, from ${from} to ${to}, after the market's price${place}${more}.`;
}
