import { encodeOutcome } from '../../core/engine/outcome-codec.js';
import { countedText, quotient } from '../../core/exact-sum.js';
import type { Units } from '../../core/market/instrument.js';
import type { LogEvent } from '../../core/ports.js';
import type { OrderOutcome } from '../../core/orders/outcomes.js';
import { beginProjection, project, type OrderProjection } from '../../core/orders/projection.js';
import type { EpochMicros } from '../../core/time.js';

type Fill = Extract<OrderOutcome, { readonly type: 'ChildFilled' }>['data'];

/**
 * Folds counted outcomes into a projection: no text is made of the frequent ones, and it comes to what `project` makes of the
 * same outcomes in the log. Of a contract that is not inverse nobody asks for the sum of quantity / price.
 */
export class Tally {
  projection: OrderProjection | undefined;

  add(outcome: OrderOutcome, at: EpochMicros, n: number, units: Units | undefined, inverse: boolean): void {
    const order = this.projection;
    if (order === undefined) {
      this.projection = beginProjection(logged(outcome, at, n, units));
      return;
    }
    switch (outcome.type) {
      case 'ChildFilled':
        fill(order, outcome.data, units!, inverse);
        break;
      case 'ChildPlaced':
        order.metUsableBook = true;
        order.childrenOpen++;
        break;
      case 'ChildReported':
        if (outcome.data.working !== true) order.childrenOpen--;
        break;
      case 'SliceReleased':
        order.released++;
        break;
      case 'ChildRested':
      case 'ChildRejected':
      case 'ChildPullRequested':
      case 'ChildReduced':
      case 'ChildCancelled':
      case 'AggressionEntered':
      case 'AggressionLeft':
        break;
      default:
        project(order, logged(outcome, at, n, units));
    }
    order.n = n;
  }
}

function fill(order: OrderProjection, data: Fill, { priceScale, sizeScale }: Units, inverse: boolean): void {
  const { lots, priceTicks, liquidity, fee, feeCurrency } = data;
  const quantity = { mantissa: BigInt(lots), scale: sizeScale };
  const product = lots * priceTicks;
  const exact = product <= Number.MAX_SAFE_INTEGER ? BigInt(product) : quantity.mantissa * BigInt(priceTicks);
  order.filled.add(quantity);
  order.priceQuantity.add({ mantissa: exact, scale: priceScale + sizeScale });
  if (inverse) order.quantityOverPrice.add(quotient(quantity, { mantissa: BigInt(priceTicks), scale: priceScale }, 40));
  if (liquidity === 'maker') order.makerFilled.add(quantity);
  order.fees.add(countedText(fee));
  order.feeCurrency = feeCurrency;
  order.fills++;
  if (order.state === 'completed' && order.filled.toDecimal().eq(order.quantity)) order.reason = 'filled';
}

function logged(outcome: OrderOutcome, at: EpochMicros, n: number, units: Units | undefined): LogEvent {
  const concluded = { stream: '', revision: 0, n, at, cause: 0, outcome };
  return encodeOutcome(units === undefined ? concluded : { ...concluded, units });
}
