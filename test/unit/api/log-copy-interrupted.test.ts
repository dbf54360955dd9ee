import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLog } from '../../../adapters/log/embedded/open.js';
import { DEFAULT_LOG_NAME as name } from '../../../adapters/log/streams.js';
import { logCopy } from '../../../api/cli/commands/log.js';
import { CheckFailed } from '../../../api/cli/failures.js';
import { copyLog } from '../../../replay/log-copy.js';
import { keptStage } from '../../support/kept-log.js';
import { refusalOf } from '../../support/log-events.js';

describe('Ctrl-C in a copy', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'reprise-copy-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('says what was kept, and the next one goes on', async () => {
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    const { log } = await keptStage(45);
    const source = await openEmbeddedLog(join(from, 'log'));
    const { events } = await copyLog({ log, name }, { log: source, name }, new AbortController().signal);
    await source.close();

    const stop = new AbortController();
    const lines: string[] = [];
    const terminal = {
      out: (line: string) => void lines.push(line),
      say: (line: string) => void lines.push(line),
      progress: () => stop.abort(),
      signal: stop.signal,
    };
    const refusal = await refusalOf(logCopy(from, to, {}, terminal));
    expect(refusal).to.be.instanceOf(CheckFailed);
    const kept = Number(/: (\d+) events were written to .*go on$/.exec((refusal as Error).message)?.[1]);
    expect(kept).to.be.within(1, events - 1);
    expect(lines).to.deep.equal([]);

    await logCopy(from, to, { json: true }, { ...terminal, signal: new AbortController().signal });
    expect(JSON.parse(lines[0]!)).to.deep.include({ events: events - kept, present: kept });
  });
});
