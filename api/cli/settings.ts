import { readFile } from 'node:fs/promises';
import { readRules, type InstrumentRules } from '../../adapters/recordings/rules-file.js';
import { sentence, type Read } from '../../adapters/requests/problem.js';
import { readCount, VENUE_READERS } from '../../adapters/requests/venue-values.js';
import type { Endpoints } from '../../adapters/venues/venue.js';
import { DEFAULT_VENUE, type VenueSettings } from '../../core/desk/settings.js';
import type { RunSettings } from '../../core/engine/inputs.js';
import { parseScaled } from '../../core/market/increments.js';
import { readEndpoints } from './endpoints.js';
import { WrongRequest } from './failures.js';

/** The venue flags as they stand on a command line; undefined where they were not given. */
export interface VenueFlags {
  readonly assume?: string;
  readonly latency?: string;
  readonly fees?: string;
  readonly takeSlack?: string;
  readonly allowPartialBook?: boolean;
  readonly rules?: string;
  readonly seed?: string;
  readonly config?: string;
}

/** What was asked for beyond what a session recorded: flags win over the settings file, and it over what was recorded. */
export interface AskedSettings {
  readonly venue: Partial<VenueSettings>;
  readonly seed?: number;
  readonly rules?: ReadonlyMap<string, InstrumentRules>;
  readonly balances?: Readonly<Record<string, string>>;
  /** Where a server keeps its log; it may hold a password, and is no part of a run. */
  readonly log?: string;
  /** Where live venues are, by name, instead of where they say; no part of a run either. */
  readonly venues: ReadonlyMap<string, Partial<Endpoints>>;
  /** Nothing was asked for: a session runs as it was recorded. */
  readonly isEmpty: boolean;
}

/** Reads the flags and the settings file; every mistake is refused here, by the name of the flag or key. */
export async function askedSettings(flags: VenueFlags): Promise<AskedSettings> {
  const file = flags.config === undefined ? {} : await readConfig(flags.config);
  const fromFile = file.venue ?? {};
  const pick = (flag: keyof VenueFlags & keyof FileVenue): unknown => flags[flag] ?? fromFile[flag];
  const name = (flag: string): string =>
    flag in flags ? `--${dashed(flag)}` : `"venue"."${flag}" in ${flags.config ?? ''}`;
  const venue: { -readonly [K in keyof VenueSettings]?: VenueSettings[K] } = {};
  const assume = pick('assume');
  if (assume !== undefined) venue.assume = taken(VENUE_READERS.assume(assume, name('assume')));
  const latency = pick('latency');
  if (latency !== undefined) venue.latency = taken(VENUE_READERS.latency(latency, name('latency')));
  const fees = pick('fees');
  if (fees !== undefined) venue.fees = taken(VENUE_READERS.fees(fees, name('fees')));
  const slack = pick('takeSlack');
  if (slack !== undefined) venue.takeSlack = taken(VENUE_READERS.takeSlack(slack, name('takeSlack')));
  const partial = pick('allowPartialBook');
  if (partial !== undefined) venue.allowPartialBook = partial === true;
  const seed = pick('seed');
  const rulesFile = pick('rules');
  return {
    venue,
    ...(seed === undefined ? {} : { seed: taken(readCount(seed, name('seed'))) }),
    ...(rulesFile === undefined ? {} : { rules: readRules(await readJsonFile(readPath(rulesFile, name('rules')))) }),
    ...(file.balances === undefined ? {} : { balances: readBalances(file.balances, flags.config ?? '') }),
    ...(file.log === undefined ? {} : { log: readLogPlace(file.log, flags.config ?? '') }),
    venues: readEndpoints(file.venues ?? {}, flags.config ?? ''),
    isEmpty:
      Object.keys(venue).length === 0 && seed === undefined && rulesFile === undefined && file.balances === undefined,
  };
}

/** The settings of a run: what was asked for over what was recorded over the defaults. */
export function runSettings(asked: AskedSettings, recorded?: RunSettings): RunSettings {
  const rules = asked.rules === undefined ? recorded?.rules : Object.fromEntries([...asked.rules].map(byFile));
  const balances = asked.balances ?? recorded?.balances;
  return {
    venue: { ...DEFAULT_VENUE, ...recorded?.venue, ...asked.venue },
    seed: asked.seed ?? recorded?.seed ?? 1,
    ...(rules === undefined ? {} : { rules }),
    ...(balances === undefined ? {} : { balances }),
  };
}

const byFile = ([instrument, rules]: [string, InstrumentRules]): [string, InstrumentRules & { rules: 'file' }] => [
  instrument,
  { ...rules, rules: 'file' },
];

interface FileVenue {
  readonly assume?: unknown;
  readonly latency?: unknown;
  readonly fees?: unknown;
  readonly takeSlack?: unknown;
  readonly allowPartialBook?: unknown;
  readonly seed?: unknown;
  readonly rules?: unknown;
}
interface SettingsFile {
  readonly venue?: FileVenue;
  readonly balances?: unknown;
  readonly log?: unknown;
  readonly venues?: unknown;
}
const FILE_KEYS = ['venue', 'balances', 'log', 'venues'];
const VENUE_KEYS = ['assume', 'latency', 'fees', 'takeSlack', 'allowPartialBook', 'seed', 'rules'];

async function readConfig(path: string): Promise<SettingsFile> {
  const json = await readJsonFile(path);
  const check = (value: unknown, keys: readonly string[], where: string): void => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new WrongRequest(`${path}: ${where} is no object; write { "venue": { … } }`);
    const unknown = Object.keys(value).find((key) => !keys.includes(key));
    if (unknown !== undefined)
      throw new WrongRequest(`${path}: ${where} has an unknown key "${unknown}"; known are ${keys.join(', ')}`);
  };
  check(json, FILE_KEYS, 'the settings file');
  const file = json as SettingsFile;
  if (file.venue !== undefined) check(file.venue, VENUE_KEYS, '"venue"');
  return file;
}

/** Reads a JSON file, or says which file is none. */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await readTextFile(path);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new WrongRequest(`${path} is not JSON: ${(error as Error).message}; mend the file`, { cause: error });
  }
}

export async function readTextFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new WrongRequest(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}); check its name`,
      {
        cause: error,
      },
    );
  }
}

function readLogPlace(value: unknown, path: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new WrongRequest(`${path}: "log" is no address; write "embedded" or "esdb://HOST:PORT"`);
}

function readPath(value: unknown, where: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new WrongRequest(`${where}: ${JSON.stringify(value)} is no file name`);
}

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** A value that its reader takes, or the request is wrong. */
export function taken<Value>(read: Read<Value>): Value {
  if (read.problem === undefined) return read.ok;
  throw new WrongRequest(`${read.problem.where}: ${sentence(read.problem)}`);
}

function readBalances(value: unknown, path: string): Record<string, string> {
  if (typeof value !== 'object' || value === null)
    throw new WrongRequest(`${path}: "balances" is no object of currencies`);
  for (const [currency, amount] of Object.entries(value))
    if (typeof amount !== 'string' || parseScaled(amount) === undefined)
      throw new WrongRequest(`${path}: "balances"."${currency}" is no plain decimal text; write it like "1000.5"`);
  return value as Record<string, string>;
}
