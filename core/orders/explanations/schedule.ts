import { takesSlices } from '../pace.js';
import { skipClause } from './reasons.js';
import { circumstances, quantity, tell, time, type Telling } from './telling.js';
import type { Told } from './texts.js';

export function sliceReleased(telling: Telling, event: Told<'SliceReleased'>): void {
  const { slice, quantity: released } = event.data;
  const { parameters } = telling;
  telling.target = telling.target.add(released);
  const due = `Slice ${ordinal(telling, slice)} fell due`;
  let text: string;
  if (!takesSlices(parameters))
    text = `${due}: ${quantity(telling, released)} more may rest, ${quantity(telling, telling.target)} in all so far.`;
  else if (released === '0')
    text = `${due}, and nothing is taken: what is due by now is done, or too little for the venue.`;
  else if (parameters.maxParticipation === undefined) text = `${due}: takes ${quantity(telling, released)}.`;
  else text = `${due}: ${quantity(telling, released)} more may be taken as the market's volume allows.`;
  tell(telling, event, 'slice_released', text);
}

export function sliceSkipped(telling: Telling, event: Told<'SliceSkipped'>): void {
  const { slice, dueAt, quantity: missed, reason, detail } = event.data;
  const { parameters } = telling;
  const late = event.at > dueAt ? ` (due at ${time(telling, dueAt)})` : '';
  const why = skipClause(reason, circumstances(telling, { detail }));
  const then =
    reason === 'below_minimum' ? 'It waits and joins the next slice.' : CATCH_UP[parameters.catchUp ?? 'spread'];
  const text = `Slice ${ordinal(telling, slice)} was skipped${late}, ${quantity(telling, missed)}: ${why}. ${then}`;
  tell(telling, event, 'slice_skipped', text, { reason });
}

const CATCH_UP = {
  spread: 'It is spread over the slices to come, if there are any.',
  next: 'It joins the next slice, if there is one.',
  none: 'It is not caught up.',
} as const;

export function aggressionEntered(telling: Telling, event: Told<'AggressionEntered'>): void {
  const { executed, cap } = event.data;
  telling.aggressive = true;
  tell(
    telling,
    event,
    'aggression_entered',
    `At the floor line, with ${quantity(telling, executed)} executed: takes up to the cap line, which has come to ${quantity(telling, cap)}.`,
  );
}

export function aggressionLeft(telling: Telling, event: Told<'AggressionLeft'>): void {
  telling.aggressive = false;
  tell(telling, event, 'aggression_left', 'At the cap line: takes no more, and leaves the rest to its quotes.');
}

export function takeHeld(telling: Telling, event: Told<'TakeSkipped'>): void {
  const { quantity: due, reason, detail } = event.data;
  const why = skipClause(reason, circumstances(telling, { detail }));
  tell(
    telling,
    event,
    'take_held',
    `Not taken, ${quantity(telling, due)}: ${why}. It is tried again when that changes.`,
    {
      reason,
    },
  );
}

export function quoteHeld(telling: Telling, event: Told<'QuoteSkipped'>): void {
  const { quantity: due, reason, detail } = event.data;
  const why = skipClause(reason, circumstances(telling, { detail }));
  tell(telling, event, 'quote_held', `Not quoted, ${quantity(telling, due)}: ${why}.`, { reason });
}

/** `3 of 12`; slices of an order are numbered on over all its plans. */
const ordinal = ({ lastSlice }: Telling, slice: number): string =>
  slice <= lastSlice ? `${slice} of ${lastSlice}` : String(slice);
