import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { rawLine } from '../../../../../adapters/recordings/raw/line.js';
import { RawCursor } from '../../../../../adapters/recordings/raw/raw-cursor.js';
import { SPOT } from '../../../../support/market.js';
import { binance, MiniRecordings, START, story } from '../../../../support/mini-recording.js';

const { depth, rest, trade } = binance;
const AAA = { ...SPOT, instrument: 'AAABTC@binance' };
const BEGIN = { format: 'reprise-raw', formatVersion: 1, venue: 'binance', feed: 1, engineVersion: 'test' };
const ms = (after: number): number => START + after * 1_000;

const begin = (more: object = {}): string => rawLine({ at: START }, 0, 'begin', JSON.stringify({ ...BEGIN, ...more }));
const defined = (at = 0): string => rawLine({ at: ms(at) }, 0, 'defined', JSON.stringify(AAA));
const message = (at: number, said: object | string, connection = 1): string =>
  rawLine({ at: ms(at), nanos: 999 }, connection, 'message', typeof said === 'string' ? said : JSON.stringify(said));
const reply = (at: number, said: object): string =>
  rawLine({ at: ms(at) }, 1, 'reply', JSON.stringify(said), 'https://api.binance.com/api/v3/depth?symbol=AAABTC');
const interrupted = (at: number, reason: string): string =>
  rawLine({ at: ms(at) }, 1, 'interrupted', JSON.stringify({ reason, detail: 'so' }));
const SNAPSHOT = reply(1, rest(9, [['10', '1']], [['11', '2']]));

describe('raw frames', () => {
  const mini = new MiniRecordings();
  before(() => mini.open());
  after(() => mini.close());

  const told = async (...lines: readonly string[]): Promise<string[]> => {
    const file = await mini.write('raw.gz', gzipSync([begin(), defined(), ...lines, ''].join('\n')));
    return story((await mini.import({ files: [file] })).events).slice(1);
  };
  const fault = async (...lines: readonly string[]): Promise<string> => {
    const file = await mini.write('raw', [...lines, ''].join('\n'));
    return mini.import({ files: [file] }).then(() => 'imported', String);
  };

  it('are lines of time, connection, word and content', () => {
    expect(rawLine({ at: START, nanos: 7 }, 3, 'message', '{"a": 1}')).to.equal(`${START}007 3 message {"a": 1}`);
    expect(rawLine({ at: START }, 1, 'reply', '[1]', 'https://x/y?z=1')).to.equal(
      `${START}000 1 reply https://x/y?z=1 [1]`,
    );
  });

  it('keep every text as it came, whatever is in it', async () => {
    const texts = ['', ' ', '{"a":\n1}', 'a\r\nb', 'ü–€', '\ud800 alone', '"quoted"', 'a\u0000b', 'x'.repeat(300_000)];
    const file = await mini.write(
      'texts.gz',
      gzipSync(
        texts.flatMap((text) => [message(1, text), rawLine({ at: ms(1) }, 2, 'reply', text, 'https://x')]).join('\n'),
      ),
    );
    const cursor = new RawCursor(file);
    const read: string[] = [];
    while (await cursor.fill()) while (cursor.next()) read.push(cursor.content());
    await cursor.close();
    expect(read).to.deep.equal(texts.flatMap((text) => [text, text]));
  });

  it('are told from their first line, and cut their nanoseconds off', async () => {
    expect(
      await told(SNAPSHOT, message(2, depth(10, 10, [['10', '3']])), message(3, trade(1, '10', '1', true))),
    ).to.deep.equal(['1 BookSnapshot 9 b 10x1 a 11x2', '2 BookDelta 10 b 10x3', '3 Traded sell 1@10']);
  });

  it('are no recording whose silence has to be watched', async () => {
    expect(await told(SNAPSHOT, message(60_000, depth(10, 10)))).to.deep.equal([
      '1 BookSnapshot 9 b 10x1 a 11x2',
      '60000 BookDelta 10',
    ]);
  });

  it('lose no trust over a message that could not be read then, and can by now', async () => {
    const lines = [SNAPSHOT, message(2, depth(10, 10)), interrupted(2, 'bad_message'), message(3, depth(11, 11))];
    expect((await told(...lines)).slice(1)).to.deep.equal(['2 BookDelta 10', '3 BookDelta 11']);
  });

  it('lose it over one that can still not be read, once and when they did, and over one that can no longer be', async () => {
    const bad = message(2, '{"stream":"aaabtc@depth","data":{"s":"AAABTC","U":"x"}}');
    expect((await told(SNAPSHOT, bad, interrupted(4, 'bad_message'))).slice(1)).to.deep.equal([
      '4 FeedInterrupted bad_message',
    ]);
    expect((await told(SNAPSHOT, bad, message(3, depth(10, 10)))).slice(1)).to.deep.equal([
      '3 FeedInterrupted bad_message',
    ]);
    expect((await told(SNAPSHOT, bad)).slice(1), 'at the very end').to.deep.equal([]);
  });

  it('know nothing of who was too slow to read them, and say where they themselves are missing', async () => {
    expect((await told(SNAPSHOT, interrupted(2, 'log_behind'), message(3, depth(10, 10)))).slice(1)).to.deep.equal([
      '3 BookDelta 10',
    ]);
    const leftout = rawLine({ at: ms(2) }, 0, 'leftout', '{"frames":5}');
    expect((await told(SNAPSHOT, leftout)).slice(1)).to.deep.equal(['2 FeedInterrupted recorder_behind']);
  });

  it('pass over words of a later version', async () => {
    expect(await told(SNAPSHOT, `${ms(2)}000 1 weather sunny`, message(3, depth(10, 10)))).to.have.length(2);
  });

  it('are refused where they are of a later version, or no lines of them', async () => {
    expect(await fault(begin({ formatVersion: 2 }))).to.match(/raw format version 2.*reads version 1/);
    expect(await fault(begin({ venue: 'nowhere' }), defined())).to.match(/"nowhere" is unknown/);
    for (const [line, what] of [
      ['17 1 message {}', /raw:2: does not begin with a time of 19 digits/],
      [`${START}000 x message {}`, /raw:2: names no connection/],
      [`${START}000 1 reply https://x`, /raw:2: is a reply without an address/],
      [`${START}000 1 message* no json`, /raw:2: has a star/],
      [`${START}000 0 defined 7`, /raw:2: says "defined"/],
    ] as const)
      expect(await fault(begin(), line), line).to.match(what);
  });
});
