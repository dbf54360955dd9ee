import { Decimal, plain } from '../../decimal.js';
import { formatDuration } from '../../time.js';
import { PARAMETER_KEYS, type TwapParameters } from '../parameters.js';
import { follow, quantity, tell, time, type Telling } from './telling.js';
import type { Told, PlanText } from './texts.js';
import { byActor } from './words.js';

export function accepted(telling: Telling, event: Told<'OrderAccepted'>): void {
  const { parameters, startAt, actor } = event.data;
  const { side, targetPosition, instrument, account, limitPrice } = parameters;
  telling.firstAt = event.at;
  telling.parameters = parameters;
  telling.side = side;
  telling.quantity = new Decimal(event.data.quantity);
  const limit = limitPrice === undefined ? '' : `, limit ${limitPrice}`;
  const starts =
    startAt === undefined
      ? 'waits for its start command'
      : startAt <= event.at
        ? 'starts at once'
        : `starts at ${time(telling, startAt)}`;
  const goal =
    targetPosition === undefined || side !== undefined
      ? `${side ?? 'trade'} ${quantity(telling, event.data.quantity)} of ${instrument}`
      : `bring the position in ${instrument} to ${quantity(telling, targetPosition)}`;
  const order = `${goal} for account ${account}${limit}`;
  tell(telling, event, 'accepted', `Accepted${askedClause(actor)}: ${order}; it ${starts}.`);
}

export function refused(telling: Telling, event: Told<'OrderRefused'>): void {
  const { refusal, parameters, actor } = event.data;
  telling.firstAt = event.at;
  telling.parameters = parameters;
  tell(telling, event, 'refused', `Refused${askedClause(actor)}: ${refusal.what}; ${refusal.mend}.`, {
    reason: refusal.code,
  });
}

export function started(telling: Telling, event: Told<'OrderStarted'>): void {
  const { plan, target } = event.data;
  if (target !== undefined) {
    telling.quantity = new Decimal(target.quantity);
    telling.side = target.side;
  }
  follow(telling, plan);
  const follows =
    target === undefined ? '' : ` to ${target.side} ${quantity(telling, target.quantity)} for the target position`;
  tell(telling, event, 'started', `Started${follows}: ${planClause(telling, plan)}.`);
}

export function amended(telling: Telling, event: Told<'OrderAmended'>): void {
  const { parameters, plan } = event.data;
  const changes = changesClause(telling.parameters, parameters);
  telling.parameters = parameters;
  telling.side = parameters.side ?? telling.side;
  telling.quantity = new Decimal(event.data.quantity);
  if (plan !== undefined) follow(telling, plan);
  const laidOut = plan === undefined ? '' : ` The rest is laid out anew: ${planClause(telling, plan)}.`;
  tell(telling, event, 'amended', `Amended: ${changes}.${laidOut}`);
}

export function paused(telling: Telling, event: Told<'OrderPaused'>): void {
  tell(telling, event, 'paused', `Paused, ${soFar(telling)}: nothing is decided until it is resumed.`);
}

export function resumed(telling: Telling, event: Told<'OrderResumed'>): void {
  follow(telling, event.data.plan);
  tell(telling, event, 'resumed', `Resumed: ${planClause(telling, event.data.plan)}.`);
}

export function stopped(telling: Telling, event: Told<'OrderStopped'>): void {
  telling.aggressive = false;
  const again = 'a start lays the rest out anew';
  tell(telling, event, 'stopped', `Stopped, ${soFar(telling)}: ${again}.${onTheirWay(telling)}`);
}

export function completed(telling: Telling, event: Told<'OrderCompleted'>): void {
  const { reason } = event.data;
  const text =
    reason === 'filled'
      ? telling.quantity.isZero()
        ? 'Completed: there is nothing to trade, the position is where it should be.'
        : `Completed: all ${quantity(telling, telling.quantity)} are filled.`
      : `Completed: the window is over, ${soFar(telling)}.${onTheirWay(telling)}`;
  tell(telling, event, 'completed', text, { reason });
}

export function cancelled(telling: Telling, event: Told<'OrderCancelled'>): void {
  tell(telling, event, 'cancelled', `Cancelled, ${soFar(telling)}.${onTheirWay(telling)}`);
}

export function measured(telling: Telling, event: Told<'OrderMeasured'>): void {
  tell(telling, event, 'measured', 'Its costs are final: nothing about them can change any more.');
}

export function commandRefused(telling: Telling, event: Told<'CommandRefused'>): void {
  const { command, refusal } = event.data;
  const text = `The command ${command} was refused: ${refusal.what}; ${refusal.mend}.`;
  tell(telling, event, 'command_refused', text, { reason: refusal.code });
}

const askedClause = (actor: string | undefined): string => (actor === undefined ? '' : `, asked for${byActor(actor)}`);

function soFar(telling: Telling): string {
  const { filled, quantity: all } = telling;
  const done = `${quantity(telling, filled)} of ${plain(all)} filled`;
  return filled.gte(all) ? done : `${done}, ${plain(all.sub(filled))} open`;
}

/** Takes in flight and quotes not cancelled yet may fill in any state. */
function onTheirWay({ children }: Telling): string {
  const open = [...children.values()].filter(({ open: left }) => !left.isZero()).length;
  if (open === 0) return '';
  return open === 1
    ? ' What is in flight or rests may still fill: 1 child.'
    : ` What is in flight or rests may still fill: ${open} children.`;
}

function planClause(telling: Telling, { startAt, endAt, interval, slices, carried }: PlanText): string {
  const end = time(telling, endAt);
  if (carried !== undefined) return `it goes on with the schedule that it had, which now ends at ${end}`;
  const count = slices.reduce((sum, [, times]) => sum + times, 0);
  const used = slices.filter(([size]) => size !== '0');
  const sizes = used.map(([size]) => new Decimal(size)).sort((a, b) => a.cmp(b));
  const [least] = sizes;
  const most = sizes.at(-1);
  if (least === undefined || most === undefined) return `nothing is left to lay out until ${end}`;
  const usedCount = used.reduce((sum, [, times]) => sum + times, 0);
  const number = usedCount === count ? `${count}` : `${usedCount} of ${count}`;
  const each = least.eq(most) ? quantity(telling, most) : `${plain(least)} to ${quantity(telling, most)}`;
  const every = Number(BigInt(interval[0]) / BigInt(interval[1]));
  const pace = count > 1 ? `, one every ${formatDuration(every)},` : '';
  return `${number} ${count === 1 ? 'slice' : 'slices'} of ${each}${pace} from ${time(telling, startAt)} to ${end}`;
}

function changesClause(before: TwapParameters, after: TwapParameters): string {
  const changes = PARAMETER_KEYS.filter((key) => before[key] !== after[key]).map((key) => {
    const was = before[key];
    const is = after[key];
    if (is === undefined) return `${key} ${String(was)} taken out`;
    return was === undefined ? `${key} set to ${is}` : `${key} from ${was} to ${is}`;
  });
  return changes.length === 0 ? 'nothing that its parameters show' : changes.join(', ');
}
