import { expect } from 'chai';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../adapters/clock/system-clock.js';
import { LoopbackVenue } from '../../adapters/venues/loopback/loopback-venue.js';
import { serveLoopback } from '../../adapters/venues/loopback/server.js';
import { VENUES } from '../../adapters/venues/venues.js';
import { MICROS } from '../../core/time.js';
import { cli, json, succeed } from '../support/cli.js';
import { fixture, reprise } from '../support/fixtures.js';
import { recordingOf, sampleAs } from '../support/loopback.js';

interface Recorded {
  readonly end: string;
  readonly sessions: readonly {
    readonly out: string;
    readonly messages: number;
    readonly contentHash: string;
    readonly raw: readonly { readonly lines: number }[];
  }[];
}

describe('reprise record', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'reprise-record-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const recorded = async (...args: readonly string[]): Promise<Recorded> =>
    (await json('record', ...args)) as unknown as Recorded;

  it('makes a session of a live market that every other command takes', async () => {
    const { end, sessions } = await recorded('--market', 'sample', '--duration', '1500ms', '--out', at('s'));
    expect([end, sessions.map(({ out }) => out)]).to.deep.equal(['duration', [at('s')]]);
    expect(sessions[0]!.messages).to.be.greaterThan(8);
    expect(await json('inspect', at('s'))).to.include({ contentHash: sessions[0]!.contentHash, complete: true });
    const order = { instrument: 'BTC-USD@sample', side: 'buy', quantity: '0.01', duration: '500ms', slices: 2 };
    writeFileSync(at('orders.json'), JSON.stringify(order));
    await succeed('replay', at('s'), '--orders', at('orders.json'), '--out', at('t'));
    expect(await json('verify', at('t'))).to.include({ same: true });
    expect(readdirSync(folder).sort()).to.deep.equal(['orders.json', 's', 't']);
  });

  it('records a session as it is lived again, and it is that session', async () => {
    const quiet = fixture('quiet-minute');
    const { end } = await recorded('--market', `session:${quiet}@100000`, '--out', at('s'));
    expect(end).to.equal('feeds_ended');
    const [again, before] = [await json('inspect', at('s')), await json('inspect', quiet)];
    expect(again['contentHash']).to.equal(before['contentHash']);
    expect([again['from'], again['to']]).to.deep.equal([before['from'], before['to']]);
  });

  it('keeps the frames of a venue, which make the session anew', async () => {
    const recording = recordingOf(
      sampleAs({ instruments: ['BTCUSDT@binance'], duration: 3 * MICROS.s, gapsPerHour: 0 }),
    );
    const venue = VENUES.get('binance')!;
    const loopback = new LoopbackVenue({
      recording,
      venue,
      clock: systemClock(),
      speed: 1,
      atEnd: 'stay',
      waitFor: 'all',
    });
    const server = await serveLoopback(loopback, { host: '127.0.0.1', port: 0 });
    try {
      writeFileSync(at('venues.json'), JSON.stringify({ venues: { binance: server.endpoints } }));
      const market = ['--market', 'binance:BTCUSDT', '--config', at('venues.json')];
      const { sessions } = await recorded(...market, '--duration', '2s', '--out', at('s'));
      expect(sessions[0]!.messages).to.be.greaterThan(5);
      expect(sessions[0]!.raw[0]!.lines).to.be.greaterThan(sessions[0]!.messages);
      const again = await json('import', at('s'), '--from-raw', '--out', at('again'));
      expect(again).to.include({ contentHash: sessions[0]!.contentHash, messages: sessions[0]!.messages });
      const parts = await recorded(...market, '--duration', '2s', '--rotate', '800ms', '--out', at('p'));
      expect(parts.sessions.map(({ out }) => out)).to.deep.equal(['p-0001', 'p-0002', 'p-0003'].map(at));
    } finally {
      await server.close();
    }
  });

  /** Starts to record, and waits until something has been flushed. */
  async function begun(): Promise<{ child: ChildProcess; said: () => string; ended: Promise<unknown[]> }> {
    const args = ['record', '--market', 'sample', '--out', at('s')];
    const child = spawn(process.execPath, [reprise, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = once(child, 'exit');
    await appearing(folder, '.s.recording');
    await appearing(at('.s.recording'), 'segment-0.arrows');
    return { child, said: () => said, ended };
  }

  it('stops on Ctrl-C, and says what it has kept', async () => {
    const { child, said, ended } = await begun();
    child.kill('SIGINT');
    expect((await ended)[0]).to.equal(0);
    expect(said())
      .to.match(/s: \d+ messages of BTC-USD@sample/)
      .and.match(/stopped; all that was received until then is kept/);
    expect(await json('inspect', at('s'))).to.include({ complete: true });
  });

  it('leaves what it had when it is killed, and says how that becomes a session', async () => {
    const { child, ended } = await begun();
    const busy = await cli('record', '--market', 'sample', '--out', at('s'));
    expect([busy.code, busy.stderr]).to.satisfy(
      ([code, stderr]: [number, string]) => code === 2 && /a recorder is writing it/.test(stderr),
    );
    child.kill('SIGKILL');
    await ended;
    const how = /reprise import \S+\.s\.recording --recover --out \S+s`/;
    for (const args of [
      ['record', '--market', 'sample', '--out', at('s')],
      ['import', at('.s.recording'), '--out', at('s')],
      ['inspect', at('s')],
    ]) {
      const { code, stderr } = await cli(...args);
      expect([args[0], code]).to.deep.equal([args[0], 2]);
      expect(stderr).to.match(how);
    }
    await succeed('import', at('.s.recording'), '--recover', '--out', at('s'));
    const { messages } = await json('inspect', at('s'));
    expect(messages).to.be.greaterThan(3);
  });

  it('ends with 3 on a full disk, and what came before is a whole session', async function () {
    const disk = at('disk');
    mkdirSync(disk);
    const mount = ['unshare', '-Urm', 'sh', '-c'];
    const within = (script: string): ReturnType<typeof spawnSync> =>
      spawnSync(mount[0]!, [...mount.slice(1), `mount -t tmpfs -o size=20m none '${disk}' && ${script}`], {
        encoding: 'utf8',
      });
    if (process.platform !== 'linux' || within('true').status !== 0) {
      console.log('      (no small disk can be mounted here: a full one is tried by a disk of our own only)');
      this.skip();
    }
    await succeed('generate', '--seed', '1', '--duration', '20m', '--out', at('g'));
    const record = `'${process.execPath}' '${reprise}' record --market 'session:${at('g')}@100000' --out '${disk}/s'`;
    const { stdout, stderr } = within(`{ ${record}; echo "code $?"; cp -r '${disk}/s' '${at('kept')}'; }`);
    expect(String(stdout), String(stderr)).to.match(/code 3/);
    expect(String(stderr)).to.match(/the disk is full, and the recording ended at \S+; what came before is kept/);
    const kept = await json('inspect', at('kept'));
    expect(kept['messages']).to.be.greaterThan(1_000);
    const instruments = Object.values(kept['instruments'] as Record<string, { trust: string; reason: string }>);
    expect(instruments.map(({ trust, reason }) => [trust, reason])).to.deep.equal(
      instruments.map(() => ['untrusted', 'disk_full']),
    );
  });

  describe('ends with 2 when the request is wrong:', () => {
    const quiet = fixture('quiet-minute');
    for (const [args, sentence] of [
      [['record', '--out', 'x'], /--market/],
      [['record', '--market', 'nowhere:X', '--out', 'x'], /there is no venue nowhere/],
      [['record', '--market', 'sample', '--market', `session:${quiet}`, '--out', 'x'], /record it alone/],
      [['record', '--market', `session:${quiet}@step`, '--out', 'x'], /stands still/],
      [['record', '--market', 'sample', '--rotate-size', '1', '--out', 'x'], /--rotate-size.*no size.*500MB/],
      [['record', '--market', 'sample', '--rotate', '0s', '--out', 'x'], /--rotate.*no duration/],
      [['record', '--market', 'sample', '--out', quiet], /is there already.*--force/],
      [['import', quiet, '--from-raw', '--out', 'x'], /quiet-minute.*has no raw frames/],
      [['import', quiet, '--out', 'x'], /is a folder.*--from-raw/],
      [['import', quiet, '--recover', '--out', 'x'], /is a session already.*recorder left/],
      [['import', 'a', 'b', '--recover', '--out', 'x'], /one at a time/],
    ] as const)
      it(args.join(' ').replaceAll(quiet, 'quiet-minute'), async () => {
        const { code, stdout, stderr } = await cli(...args);
        expect([code, stdout], stderr).to.deep.equal([2, '']);
        expect(stderr).to.match(sentence);
        expect(existsSync('x')).to.equal(false);
      });
  });
});

/** Resolves when a file or folder of this name is there. */
async function appearing(folder: string, name: string): Promise<void> {
  const over = new AbortController();
  const changes = watch(folder, { signal: over.signal });
  if (existsSync(join(folder, name))) {
    over.abort();
    return;
  }
  for await (const { filename } of changes) if (filename === name) return;
}
