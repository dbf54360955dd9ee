import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LOG_NAME } from '../../adapters/log/streams.js';
import { readLog } from '../../api/cli/data.js';
import type { LogEvent } from '../../core/ports.js';
import { cli, json } from '../support/cli.js';
import { allOf } from '../support/log-events.js';
import { logFolder, type LogFolder } from '../support/log-folder.js';
import { ScriptedExchange } from '../support/scripted-exchange.js';
import { ask, followChannel, startServer, type Server } from '../support/server.js';

const INSTRUMENT = 'AAABTC@binance';

describe('a server on a live venue', () => {
  let folder: LogFolder;
  let exchange: ScriptedExchange;
  let server: Server | undefined;
  beforeEach(async () => {
    folder = logFolder();
    exchange = new ScriptedExchange('AAABTC');
    await exchange.open();
  });
  afterEach(async () => {
    await server?.kill();
    await exchange.close();
    folder.remove();
  });

  /** Until something of the order is told, from its beginning. */
  const until = (type: string, reason?: string): Promise<unknown> =>
    followChannel(
      server!,
      { subscribe: 'order:o1', from: '0.0' },
      (frame) => frame.type === type && (reason === undefined || frame.data['reason'] === reason),
    );

  /** Until a book is trusted. */
  const trusted = (instrument: string): Promise<unknown> =>
    followChannel(
      server!,
      { subscribe: `book:${instrument}` },
      ({ type, data: book }) => type === 'Book' && book['trust'] === 'trusted',
    );

  /** A settings file that leads to the exchange. */
  function settings(): string {
    const file = join(folder.path, 'settings.json');
    writeFileSync(file, JSON.stringify({ venues: { binance: exchange.endpoints } }));
    return file;
  }

  async function logged(data: string): Promise<LogEvent[]> {
    const log = await readLog(data);
    try {
      return (await allOf(log.readAll({ prefixes: [DEFAULT_LOG_NAME] }))).map(({ event }) => event);
    } finally {
      await log.close();
    }
  }

  it('fills no TWAP while the book is not trusted, says why, catches up, and is verified', async () => {
    const data = join(folder.path, 'data');
    const config = settings();
    server = await startServer(data, '--market', 'binance:aaabtc', '--config', config);
    await trusted(INSTRUMENT);
    const order = { orderId: 'o1', instrument: INSTRUMENT, side: 'buy', quantity: '40', duration: '8s', slices: 20 };
    expect((await ask(server, 'POST', '/v1/orders', order)).status).to.equal(201);
    await until('ChildFilled');
    const well = (await ask(server, 'GET', '/health')).body['feeds'] as readonly Record<string, unknown>[];
    expect(well[0]).to.include({ instrument: INSTRUMENT, trust: 'trusted', connected: true, reconnects: 0 });
    expect(well[0]!['skewMs']).to.have.all.keys('min', 'median', 'max');

    exchange.goDown();
    await until('SliceSkipped', 'book_untrusted');
    const broken = (await ask(server, 'GET', '/health')).body['feeds'] as readonly Record<string, unknown>[];
    expect(broken[0]).to.include({ trust: 'untrusted', reason: 'disconnected', connected: false, interruptions: 1 });
    exchange.comeBack();
    await until('OrderCompleted');
    const { body } = await ask(server, 'GET', '/v1/orders/o1');
    expect(body).to.include({ state: 'completed', filled: '40' });
    const back = (await ask(server, 'GET', '/health')).body['feeds'] as readonly Record<string, unknown>[];
    expect(back[0]).to.include({ trust: 'trusted', connected: true });
    expect(await server.stop()).to.equal(0);
    server = undefined;

    expect(await json('verify', data)).to.include({ same: true });
    const events = await logged(data);
    const lost = events.find(({ type }) => type === 'FeedInterrupted')!.at;
    const again = events.find(({ type, at }) => type === 'BookSnapshot' && at > lost)!.at;
    const fills = events.filter(({ type }) => type === 'ChildFilled').map(({ at }) => at);
    expect(fills.filter((at) => at <= lost)).to.not.be.empty;
    expect(fills.filter((at) => at > lost && at < again)).to.deep.equal([]);
    expect(fills.filter((at) => at >= again)).to.not.be.empty;
    const skipped = events.filter(({ type }) => type === 'SliceSkipped').map(({ data }) => data as { reason: string });
    expect(new Set(skipped.map(({ reason }) => reason))).to.deep.equal(new Set(['book_untrusted']));
  });
  it('goes on over the same log after a restart, with the sample market beside it', async () => {
    const data = join(folder.path, 'data');
    const config = settings();
    for (let run = 1; run <= 2; run++) {
      server = await startServer(data, '--market', 'binance:AAABTC', '--market', 'sample', '--config', config);
      for (const instrument of [INSTRUMENT, 'BTC-USD@sample']) await trusted(instrument);
      if (run === 1) await server.kill();
      else expect(await server.stop()).to.equal(0);
      server = undefined;
    }
    expect(await json('verify', data)).to.include({ same: true });
    const defined = (await logged(data)).filter(({ type }) => type === 'InstrumentDefined');
    expect(defined.filter((event) => (event.data as { instrument: string }).instrument === INSTRUMENT)).to.have.length(
      1,
    );
  });

  it('is not started for an instrument that the venue does not have', async () => {
    const flags = ['--config', settings(), '--data', join(folder.path, 'data')];
    const { code, stderr } = await cli('serve', '--market', 'binance:AABTC', ...flags);
    expect([code, stderr]).to.deep.equal([
      2,
      'reprise: --market: binance has no instrument AABTC; did you mean AAABTC?\n',
    ]);
  });
});
