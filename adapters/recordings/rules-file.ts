import type { InstrumentDefinition } from '../../core/market/events.js';
import { parseScaled } from '../../core/market/increments.js';
import { RecordingError } from './errors.js';

/** What a rules file may say of an instrument; what it leaves out stays as it was known otherwise. */
export type InstrumentRules = Partial<
  Pick<
    InstrumentDefinition,
    | 'tickSize'
    | 'lotSize'
    | 'minQuantity'
    | 'minNotional'
    | 'multiplier'
    | 'fees'
    | 'kind'
    | 'base'
    | 'quote'
    | 'settlement'
  >
>;

/**
 * Checks the content of a rules file: `{ "BTCUSDT@binance": { "tickSize": "0.01", "lotSize": "0.00001" } }`.
 *
 * @param content  parsed JSON; undefined where there is no file
 * @throws {RecordingError} naming instrument and key
 */
export function readRules(content: unknown): ReadonlyMap<string, InstrumentRules> {
  const rules = new Map<string, InstrumentRules>();
  if (content === undefined) return rules;
  if (!isRecord(content)) throw fault('the rules file', 'is no object of instruments');
  for (const [instrument, entry] of Object.entries(content)) {
    if (!/^[^\s@]+@[^\s@]+$/.test(instrument)) throw fault(`rules file, "${instrument}"`, 'is no SYMBOL@venue');
    if (!isRecord(entry)) throw fault(`rules file, "${instrument}"`, 'is no object of rules');
    for (const [key, value] of Object.entries(entry)) {
      const problem = checkOf(key)(value);
      if (problem !== '') throw fault(`rules file, "${instrument}", "${key}"`, problem);
    }
    rules.set(instrument, entry);
  }
  return rules;
}

/** The definition with the rules of the file, which win. */
export function applyRules(
  definition: InstrumentDefinition,
  rules: ReadonlyMap<string, InstrumentRules>,
): InstrumentDefinition {
  const own = rules.get(definition.instrument);
  if (own === undefined) return definition;
  const { rulesAsOf: _, ...rest } = definition;
  return { ...rest, ...own, rules: 'file' };
}

type Check = (value: unknown) => string;
const positive: Check = (value) =>
  typeof value === 'string' && (parseScaled(value)?.mantissa ?? 0) > 0
    ? ''
    : 'is no decimal text above 0, such as "0.01"';
const notNegative: Check = (value) =>
  typeof value === 'string' && parseScaled(value) !== undefined ? '' : 'is no decimal text, such as "0"';
const word: Check = (value) => (typeof value === 'string' && value !== '' ? '' : 'is no text');
const fees: Check = (value) =>
  isRecord(value) &&
  Object.keys(value).sort().join() === 'maker,taker' &&
  /^-?\d+(\.\d+)?$/.test(String(value['maker'])) &&
  notNegative(value['taker']) === ''
    ? ''
    : 'is no { "maker": "0.001", "taker": "0.001" }';

const CHECKS: Record<keyof InstrumentRules, Check> = {
  tickSize: positive,
  lotSize: positive,
  minQuantity: notNegative,
  minNotional: notNegative,
  multiplier: positive,
  fees,
  kind: (value) => (['spot', 'linear', 'inverse'].includes(String(value)) ? '' : 'is not spot, linear or inverse'),
  base: word,
  quote: word,
  settlement: word,
};
const checkOf = (key: string): Check =>
  Object.hasOwn(CHECKS, key)
    ? CHECKS[key as keyof InstrumentRules]
    : () => `is unknown; known are ${Object.keys(CHECKS).join(', ')}`;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fault = (where: string, what: string): RecordingError =>
  new RecordingError('bad_rules', where, what, 'correct the rules file');
