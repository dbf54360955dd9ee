import { basename, resolve } from 'node:path';
import { openSession, type Session } from '../../adapters/recordings/session/session.js';
import type { RunSettings } from '../../core/engine/inputs.js';
import type { InstrumentDefinition } from '../../core/market/events.js';
import { formatDuration, formatInstant, type Micros } from '../../core/time.js';
import type { SweptSession } from './desks.js';
import { SweepRefused } from './refused.js';

/** A session that takes part in a sweep. */
export interface Entrant {
  /** What rows call it: the name of its folder, with a piece of its hash where two have the same. */
  readonly name: string;
  readonly path: string;
  /** Of a sweep: searched, or kept for the test; empty in a backtest. */
  readonly part: 'train' | 'test' | '';
  readonly session: Session;
  /** Settings of the run that it records. */
  readonly recorded: RunSettings | undefined;
}

/** A session as a pass reads it. */
export function swept({ session }: Pick<Entrant, 'session'>): SweptSession {
  const { from, to, meta } = session;
  return { from, to, hasRun: meta.settings !== null, inputs: () => session.inputs() };
}

/**
 * Opens the sessions of a sweep, the earliest first, so that the order of naming them changes nothing.
 *
 * @throws {SweepRefused} when one of them is named twice
 */
export async function openEntrants(train: readonly string[], test: readonly string[] = []): Promise<Entrant[]> {
  if (train.length === 0) throw new SweepRefused('no session is named; name the folder of a captured session');
  const opened: Entrant[] = [];
  for (const [part, paths] of [['train', train] as const, ['test', test] as const])
    for (const path of paths) {
      const session = await openSession(path);
      const recorded = (session.meta.settings ?? undefined) as unknown as RunSettings | undefined;
      const again = opened.find((other) => other.session.meta.contentHash === session.meta.contentHash);
      if (again !== undefined)
        throw new SweepRefused(
          again.part === part
            ? `${path} has the content of ${again.path}; name each session once`
            : `--test ${path} is the session ${again.path}, which is searched; test on a session of its own`,
        );
      opened.push({ name: basename(resolve(path)), path, part, session, recorded });
    }
  opened.sort(inTime);
  const isShared = (name: string): boolean => opened.filter((entrant) => entrant.name === name).length > 1;
  return opened.map((entrant) =>
    isShared(entrant.name)
      ? { ...entrant, name: `${entrant.name}~${entrant.session.meta.contentHash.slice(0, 8)}` }
      : entrant,
  );
}

function inTime(a: Entrant, b: Entrant): number {
  return a.session.from - b.session.from || (a.session.meta.contentHash < b.session.meta.contentHash ? -1 : 1);
}

/** The instrument as each session has it, under the rules of the run. @throws {SweepRefused} naming sessions that lack it */
export function definitionIn(
  { session, path }: Entrant,
  instrument: string,
  settings: RunSettings,
): InstrumentDefinition {
  const found = session.instruments.find((definition) => definition.instrument === instrument);
  if (found !== undefined) return { ...found, ...settings.rules?.[instrument] };
  const has = session.instruments.map((definition) => definition.instrument);
  throw new SweepRefused(
    `${path} has no ${instrument}, it has ${has.length === 0 ? 'nothing' : has.join(', ')}; leave it out, or sweep each instrument by itself`,
  );
}

/** What was learned must not be tested on what it was learned from. @throws {SweepRefused} */
export function refuseEarlyTest(entrants: readonly Entrant[], longestWindow: Micros): void {
  const trained = entrants.filter(({ part }) => part === 'train');
  const lastTo = Math.max(...trained.map(({ session }) => session.to));
  const last = trained.find(({ session }) => session.to === lastTo)!;
  for (const { part, session, path } of entrants)
    if (part === 'test' && session.from < lastTo + longestWindow)
      throw new SweepRefused(
        `--test ${path} begins at ${formatInstant(session.from)}, less than the longest window of ${formatDuration(longestWindow)} ` +
          `after ${last.path} ends at ${formatInstant(lastTo)}; test on a later session`,
      );
}
