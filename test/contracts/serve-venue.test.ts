import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import WebSocket from 'ws';
import { cli } from '../support/cli.js';
import { fixture, reprise } from '../support/fixtures.js';
import { binance, MiniRecordings } from '../support/mini-recording.js';

/** `reprise serve-venue` in a process of its own. */
interface Served {
  readonly rest: string;
  readonly socket: string;
  readonly lines: readonly string[];
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
}

describe('serve-venue', () => {
  let folder: string;
  let served: Served | undefined;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'reprise-serve-venue-'))));
  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    served?.process.kill('SIGTERM');
    await served?.ended;
    served = undefined;
  });

  const start = async (...args: readonly string[]): Promise<Served> => {
    const env = { ...process.env, TMPDIR: folder };
    const child = spawn(process.execPath, [reprise, 'serve-venue', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
    const ended = once(child, 'exit').then(([code]) => code as number | null);
    const errors: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    const lines: string[] = [];
    const [socket, rest] = await new Promise<readonly [string, string]>((resolve, reject) => {
      let addresses: readonly [string, string];
      createInterface({ input: child.stdout }).on('line', (line) => {
        lines.push(line);
        const at = / at (ws:\S+) and (http:\S+)/.exec(line);
        if (at !== null) addresses = [at[1]!, at[2]!];
        if (line.startsWith('faults')) resolve(addresses);
      });
      child.once('exit', (code) => reject(new Error(`it ended with ${code ?? 'a signal'}: ${errors.join('')}`)));
    });
    served = { rest, socket, lines, process: child, ended };
    return served;
  };
  const subscribe = async ({ socket }: Served): Promise<WebSocket> => {
    const client = new WebSocket(`${socket}/ws/btc-usd@depth`);
    await once(client, 'open');
    return client;
  };

  it('serves a session as it says, and ends well when it is told to', async () => {
    const it = await start(fixture('quiet-minute'), '--as', 'binance', '--speed', '0', '--at-end', 'stay');
    expect(it.lines[1]).to.equal('instruments  BTC-USD');
    const tried = /curl '(\S+)'/.exec(it.lines.find((line) => line.startsWith('try'))!)![1]!;
    expect(((await (await fetch(tried)).json()) as { lastUpdateId: number }).lastUpdateId).to.be.greaterThan(0);
    const client = await subscribe(it);
    const message = once(client, 'message');
    const [, body, address] = /curl -d '(\S+)' (\S+)/.exec(it.lines.find((line) => line.startsWith('plays'))!)!;
    const told = (await (await fetch(address!, { method: 'POST', body: body! })).json()) as object;
    expect(told).to.include({ state: 'playing', clients: 1 });
    await message;
    it.process.kill('SIGTERM');
    expect(await it.ended).to.equal(0);
  });

  it('plays a session to its end, and ends with it', async () => {
    const it = await start(fixture('quiet-minute'), '--as', 'binance', '--speed', '100', '--fault', 'drop@3');
    const client = await subscribe(it);
    const numbers: number[] = [];
    client.on('message', (data: Buffer) => numbers.push((JSON.parse(data.toString()) as { u: number }).u));
    expect((await once(client, 'close'))[0]).to.equal(1001);
    expect(await it.ended).to.equal(0);
    expect(numbers.length).to.be.greaterThan(100);
  });

  it('serves a capture, and leaves nothing behind', async () => {
    const mini = new MiniRecordings();
    await mini.open();
    const lines = [
      [0, binance.depth(8, 9)],
      [10, binance.rest(9, [['10', '1']], [['11', '2']])],
      [20, binance.depth(10, 12)],
    ] as const;
    const it = await start(await mini.zip('capture.gz', lines), '--as', 'binance', '--at-end', 'stay');
    const { symbols } = (await (await fetch(`${it.rest}/api/v3/exchangeInfo`)).json()) as { symbols: object[] };
    expect(symbols).to.have.length(1);
    it.process.kill('SIGINT');
    expect(await it.ended).to.equal(0);
    await mini.close();
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('ends with 3 when the port is taken, and says what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const ended = await cli('serve-venue', fixture('quiet-minute'), '--as', 'binance', '--port', String(port));
    other.close();
    expect([ended.code, ended.stdout]).to.deep.equal([3, '']);
    expect(ended.stderr).to.match(/EADDRINUSE.*choose another --port/);
  });
});
