import { createSession } from '../../../adapters/recordings/session/writer.js';
import type { Json } from '../../../core/json.js';
import { ENGINE_VERSION } from '../../../core/version.js';
import { exportSession, NothingThere } from '../../../replay/export.js';
import { readLog, shownAddress, streamsName, type LogAddress } from '../data.js';
import { WrongRequest } from '../failures.js';
import type { Terminal } from '../terminal.js';
import { moment } from '../times.js';

export interface ExportFlags extends LogAddress {
  readonly from?: string;
  readonly to?: string;
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `reprise export`: a session cut out of a log, also of one that a server is writing. */
export async function exportLog(flags: ExportFlags, terminal: Terminal): Promise<void> {
  const span = {
    ...(flags.from === undefined ? {} : { from: moment(flags.from, '--from') }),
    ...(flags.to === undefined ? {} : { to: moment(flags.to, '--to') }),
  };
  const name = streamsName(flags.name);
  const log = await readLog(flags.data);
  try {
    const writer = await createSession(flags.out, { force: flags.force === true, outcomes: span.from === undefined });
    try {
      const { engine, from, to } = await exportSession(log, name, span, writer);
      const session = await writer.close({
        engineVersion: engine.engineVersion === '' ? ENGINE_VERSION : engine.engineVersion,
        from,
        to,
        settings: engine.settings as unknown as Json,
        seed: engine.settings.seed,
      });
      const { counts, contentHash } = session;
      if (flags.json === true)
        terminal.out(JSON.stringify({ out: flags.out, from: session.from, to: session.to, ...counts, contentHash }));
      else
        terminal.out(
          `${flags.out}: ${counts.inputs} inputs and ${counts.outcomes} outcomes from ${session.from} to ${session.to}`,
        );
    } catch (error) {
      await writer.abort();
      throw error instanceof NothingThere
        ? new WrongRequest(`${shownAddress(flags.data)}: ${error.message}; widen --from and --to`, { cause: error })
        : error;
    }
  } finally {
    await log.close();
  }
}
