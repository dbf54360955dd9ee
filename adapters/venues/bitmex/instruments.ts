import type { InstrumentDefinition } from '../../../core/market/events.js';
import { formatScaled } from '../../../core/market/increments.js';
import { MessageFault } from '../mapping/fault.js';
import { decimalText, isRecord, type JsonRecord, parsed, plainDecimal, shown, text } from '../mapping/fields.js';
import type { Frame } from '../venue.js';
import { type Contract, contractOf, FEES } from './contract.js';

/** Reads a reply of `/instrument`, or the table of the socket's channel `instrument`; undefined for any other. @throws {MessageFault} */
export function readInstruments({ text: body, url, kind }: Frame): InstrumentDefinition[] | undefined {
  if (kind === 'reply' && url !== undefined && !url.includes('/instrument')) return undefined;
  const reply = parsed(body);
  const rows =
    isRecord(reply) && reply['table'] === 'instrument' && reply['action'] === 'partial' ? reply['data'] : reply;
  if (!Array.isArray(rows) || !rows.some((row) => isRecord(row) && 'typ' in row && 'tickSize' in row)) return undefined;
  return rows.flatMap((row: unknown) => (isRecord(row) ? define(row) : []));
}

/** Perpetuals and futures begin with `FF`, pairs for spot are `IFXXXP`; all others are indices, which nobody trades. */
function define(row: JsonRecord): InstrumentDefinition[] {
  const { typ, tickSize, lotSize, makerFee, takerFee } = row;
  const isContract = typeof typ === 'string' && typ.startsWith('FF');
  const contract = isContract ? contractOf(row) : typ === 'IFXXXP' ? smallestUnits(row) : undefined;
  if (contract === undefined || tickSize == null || lotSize == null) return [];
  const lot = plainDecimal('lotSize', lotSize);
  return [
    {
      instrument: `${text('symbol', row['symbol'])}@bitmex`,
      base: text('underlying', row['underlying']),
      quote: text('quoteCurrency', row['quoteCurrency']),
      ...contract,
      tickSize: plainDecimal('tickSize', tickSize),
      lotSize: lot,
      minQuantity: lot,
      minNotional: '0',
      rules: 'recording',
      fees: {
        maker: makerFee == null ? FEES.maker : fee('makerFee', makerFee),
        taker: takerFee == null ? FEES.taker : fee('takerFee', takerFee),
      },
    },
  ];
}

/** A pair for spot counts in the base's smallest unit, and is counted as contracts of one of these. */
function smallestUnits(row: JsonRecord): Contract | undefined {
  const perBase = row['underlyingToPositionMultiplier'];
  const places = typeof perBase === 'number' ? /^10*$/.exec(String(perBase))?.[0].length : undefined;
  if (places === undefined) return undefined;
  return {
    kind: 'linear',
    settlement: text('quoteCurrency', row['quoteCurrency']),
    multiplier: formatScaled(1, places - 1),
  };
}

/** Below zero where the venue pays its makers. */
function fee(field: string, value: unknown): string {
  const told = decimalText(field, value);
  if (/^-?\d+(\.\d+)?$/.test(told)) return told;
  throw new MessageFault('bad_message', `"${field}" is no fee: ${shown(value)}`);
}
