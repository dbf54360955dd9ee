import type { InstrumentDefinition } from '../../../core/market/events.js';
import { decimalText, isRecord, parsed, plainDecimal, record, text, type JsonRecord } from '../mapping/fields.js';
import type { Frame } from '../venue.js';
import { DERIBIT, describe, isKept } from './rules.js';

/** One instrument, or all of a currency. */
const PATH = /\/public\/get_instruments?(\?|$)/;

/** Reads a reply of `get_instruments`; undefined for any other. @throws {MessageFault} */
export function readInstruments({ text: body, url }: Frame): InstrumentDefinition[] | undefined {
  if (url === undefined || !PATH.test(url)) return undefined;
  const reply = parsed(body);
  const result = isRecord(reply) ? reply['result'] : undefined;
  if (result === undefined) return undefined; // an error
  return (Array.isArray(result) ? result : [result])
    .map((entry) => record('result', entry))
    .filter((entry) => isKept(text('instrument_name', entry['instrument_name'])))
    .map(define);
}

function define(entry: JsonRecord): InstrumentDefinition {
  const name = text('instrument_name', entry['instrument_name']);
  const least = plainDecimal('min_trade_amount', entry['min_trade_amount']);
  return {
    ...describe(name),
    instrument: `${name.toUpperCase()}@${DERIBIT}`,
    // dear options have a coarser tick (`tick_size_steps`), of which this one is a divisor
    tickSize: plainDecimal('tick_size', entry['tick_size']),
    // a contract of an option is one coin, but a tenth of it can be had: the least amount is the step
    lotSize: least,
    minQuantity: least,
    minNotional: '0',
    rules: 'recording',
    fees: {
      maker: rate('maker_commission', entry['maker_commission']),
      taker: rate('taker_commission', entry['taker_commission']),
    },
  };
}

/** A commission; below zero it is paid out. */
function rate(field: string, value: unknown): string {
  const told = decimalText(field, value);
  return told.startsWith('-') ? `-${plainDecimal(field, told.slice(1))}` : plainDecimal(field, told);
}
