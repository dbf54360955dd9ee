import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { PARTS } from '../../../adapters/recordings/session/meta.js';
import { openSession } from '../../../adapters/recordings/session/session.js';
import type { StoredOutcome } from '../../../replay/conclusions.js';
import { verifyLog, verifySession, type Verified } from '../../../replay/verify.js';
import { isResults } from '../../../replay/sweep/folder.js';
import { verifyResults } from '../../../replay/sweep/verify-results.js';
import { isStoreAddress, readLog, shownAddress, streamsName } from '../data.js';
import { CheckFailed, WrongRequest } from '../failures.js';
import type { Terminal } from '../terminal.js';

export interface VerifyFlags {
  /** Of a log: how its streams begin. */
  readonly name?: string;
  readonly strict?: boolean;
  /** Of results: how many desks are run again, and the seed that draws them. */
  readonly sample?: number;
  readonly seed?: number;
  readonly json?: boolean;
}

/** `reprise verify`: runs a session, a data folder or results again and compares; a difference ends with exit 1. */
export async function verify(path: string, flags: VerifyFlags, terminal: Terminal): Promise<void> {
  if (!isStoreAddress(path) && (await isResults(path))) return ofResults(path, flags, terminal);
  const verified = (await isSession(path)) ? await ofSession(path) : await ofData(path, streamsName(flags.name));
  for (const note of verified.notes) terminal.say(note);
  const { same, inputs, outcomes, stateHash, difference } = verified;
  if (flags.json === true) terminal.out(JSON.stringify({ same, inputs, outcomes, stateHash, difference }));
  else if (difference === null) terminal.out(`same: ${inputs} inputs, ${outcomes} outcomes, state ${stateHash}`);
  else {
    terminal.out(`difference at outcome ${difference.index} in ${difference.stream}`);
    terminal.out(`stored ${JSON.stringify(difference.stored)}`);
    terminal.out(`fresh  ${JSON.stringify(difference.fresh)}`);
  }
  if (difference !== null)
    throw new CheckFailed(`${shownAddress(path)}: stored and fresh differ at outcome ${difference.index}`);
  if (flags.strict === true && verified.notes.some((note) => note.includes('made by')))
    throw new CheckFailed(`${shownAddress(path)}: ${verified.notes.join('; ')}`);
}

async function ofResults(path: string, flags: VerifyFlags, terminal: Terminal): Promise<void> {
  const { sample, seed } = flags;
  const verified = await verifyResults(path, {
    ...(sample === undefined ? {} : { sample }),
    ...(seed === undefined ? {} : { seed }),
  });
  const { same, desks, of, outcomes, difference, notes } = verified;
  for (const note of notes) terminal.say(note);
  if (flags.json === true) terminal.out(JSON.stringify({ same, desks, of, outcomes, stateHash: null, difference }));
  else if (difference === null) terminal.out(`same: ${desks} of ${of} desks run again, ${outcomes} outcomes`);
  else {
    terminal.out(
      difference.index < 0
        ? `difference in ${difference.stream}`
        : `difference at row ${difference.index} in ${difference.stream}`,
    );
    terminal.out(`stored ${difference.stored ?? 'nothing'}`);
    terminal.out(`fresh  ${difference.fresh ?? 'nothing'}`);
  }
  if (difference !== null) throw new CheckFailed(`${path}: stored and fresh results differ in ${difference.stream}`);
  if (flags.strict === true && notes.length > 0) throw new CheckFailed(`${path}: ${notes.join('; ')}`);
}

async function isSession(path: string): Promise<boolean> {
  if (isStoreAddress(path)) return false;
  return access(join(path, PARTS.meta)).then(
    () => true,
    () => false,
  );
}

async function ofSession(path: string): Promise<Verified> {
  // the files' hashes come second: what a reader wants to see of a changed outcome is the outcome
  const session = await openSession(path, { verify: false });
  if (!session.hasOutcomes)
    throw new WrongRequest(
      `${path} is a bare recording without outcomes: there is nothing to compare; replay it with --out first`,
    );
  const verified = await verifySession(
    {
      to: session.to,
      inputs: () => session.inputs(),
      outcomes: () => session.outcomes() as AsyncIterable<readonly StoredOutcome[]>,
    },
    session.meta.engineVersion,
  );
  if (verified.difference === null) await session.verifyFiles();
  return verified;
}

async function ofData(path: string, name: string): Promise<Verified> {
  const log = await readLog(path);
  try {
    return await verifyLog(log, name);
  } finally {
    await log.close();
  }
}
