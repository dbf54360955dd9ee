import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { RecordingError } from '../../../../../adapters/recordings/errors.js';
import { MiniRecordings, story } from '../../../../support/mini-recording.js';
import { bybit } from '../../../../support/venue-messages/bybit.js';
import { zipOf } from '../../../../support/zip-file.js';

const text = (messages: readonly object[]): string =>
  messages.map((message) => `${JSON.stringify(message)}\n`).join('');
const FIRST = text([
  bybit.snapshot({ update: 8, b: [['10', '1']], a: [['11', '2']], depth: 500 }),
  bybit.delta({ update: 9, b: [['10', '3']], depth: 500, cts: 20 }),
]);
const SECOND = text([
  bybit.snapshot({ update: 30, b: [['12', '1']], depth: 500, cts: 40 }),
  bybit.delta({ update: 31, a: [['13', '1']], depth: 500, cts: 60 }),
]);
const STORY = ['3 InstrumentDefined AAAUSDT@bybit-linear', '3 BookSnapshot 8 b 10x1 a 11x2', '23 BookDelta 9 b 10x3'];

describe('import of bare messages', () => {
  const mini = new MiniRecordings();
  before(() => mini.open());
  after(() => mini.close());
  const told = async (name: string, content: string | Buffer): Promise<string[]> =>
    story((await mini.import({ files: [await mini.write(name, content)] })).events);
  const failureOf = async (name: string, content: string | Buffer): Promise<RecordingError> => {
    const failure: unknown = await told(name, content).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(RecordingError);
    return failure as RecordingError;
  };

  it('takes the time that the venue sent a message for the time of receipt', async () => {
    expect(await told('plain.data', FIRST)).to.deep.equal(STORY);
  });
  it('reads them gzipped, and alone in a zip, deflated or stored', async () => {
    expect(await told('one.gz', gzipSync(FIRST))).to.deep.equal(STORY);
    for (const isStored of [false, true])
      expect(
        await told(
          'one.zip',
          zipOf([
            { name: 'folder/', content: '', isStored: true },
            { name: 'folder/one.data', content: FIRST, isStored },
            { name: '__MACOSX/._one.data', content: 'x' },
          ]),
        ),
      ).to.deep.equal(STORY);
  });
  it('takes files of one instrument for one recording, in the order given', async () => {
    const files = [
      await mini.write('1.zip', zipOf([{ name: '1', content: FIRST }])),
      await mini.write('2.zip', zipOf([{ name: '2', content: SECOND }])),
    ];
    const { events, meta } = await mini.import({ files });
    expect(story(events)).to.deep.equal([...STORY, '43 BookSnapshot 30 b 12x1', '63 BookDelta 31 a 13x1']);
    const stored = createHash('sha256').update(zipOf([{ name: '2', content: SECOND }]));
    expect(meta.sources[1]).to.deep.include({ file: '2.zip', lines: 2, sha256: stored.digest('hex') });
  });

  it('refuses a zip of several files', async () => {
    const failure = await failureOf(
      'two.zip',
      zipOf([
        { name: '1', content: FIRST },
        { name: '2', content: SECOND },
      ]),
    );
    expect(failure).to.include({ code: 'foreign' });
    expect(failure.message).to.include('is a zip of 2 files');
  });
  it('refuses a zip whose content is not what its checksum says', async () => {
    const failure = await failureOf('damaged.zip', zipOf([{ name: '1', content: FIRST, crc: 7 }]));
    expect(failure).to.include({ code: 'unreadable' });
    expect(failure.message).to.include('is not what its checksum says');
  });
  it('refuses a zip that breaks off', async () => {
    const whole = zipOf([{ name: '1', content: FIRST }]);
    expect(await failureOf('short.zip', whole.subarray(0, whole.length - 30))).to.include({ code: 'unreadable' });
  });
  it('names the line that has no time', async () => {
    const failure = await failureOf('timeless.data', FIRST + text([{ ...bybit.delta({ update: 10 }), ts: 'x' }]));
    expect(failure).to.include({ code: 'bad_line', where: mini.path('timeless.data') + ':3' });
  });
  it('does not know messages of nobody', async () => {
    expect(await failureOf('foreign.data', '{"hello":1}\n')).to.include({ code: 'foreign' });
  });
});
