import { expect } from 'chai';
import { MiniRecordings } from '../../../../support/mini-recording.js';
import { bybit, bybitOfOld } from '../../../../support/venue-messages/bybit.js';

const SECONDS = 1_704_067_200;
const entry = (name: string, quote: string): object => ({
  name,
  base_currency: 'AAA',
  quote_currency: quote,
  taker_fee: '0.00075',
  maker_fee: '-0.00025',
  price_filter: { tick_size: '0.5' },
  lot_size_filter: { min_trading_qty: 1, qty_step: 1 },
});
const RULES = JSON.stringify({ result: [entry('AAAUSD', 'USD'), entry('AAAUSDT', 'USDT')] });
const socket = (path: string, message: object): string =>
  `wss://stream.bybit.com${path} <-> ${SECONDS}.1\n${SECONDS}.2: ${JSON.stringify(message)}\n`;

describe('captures of Bybit', () => {
  const mini = new MiniRecordings();
  before(() => mini.open());
  after(() => mini.close());

  it('are told apart by their sockets, and learn their rules from an address that they share', async () => {
    const files = [
      await mini.write('rules', `https://api.bybit.com/v2/public/symbols -> ${SECONDS}.0: ${RULES}\n`),
      await mini.write('linear', socket('/realtime_public', bybitOfOld.snapshot({ seq: 1 }, [['Buy', '10', 1]]))),
      await mini.write(
        'inverse',
        socket('/realtime', bybitOfOld.snapshot({ seq: 1, isInverse: true }, [['Buy', '10', 1]])),
      ),
    ];
    const { meta } = await mini.import({ files });
    expect(
      meta.instruments.map(({ instrument, rules, lotSize, publishedDepth }) => [
        instrument,
        rules,
        lotSize,
        publishedDepth,
      ]),
    ).to.deep.equal([
      ['AAAUSDT@bybit-linear', 'recording', '1', 25],
      ['AAAUSD@bybit-inverse', 'recording', '1', 25],
    ]);
  });
  it('are of the market of the socket behind a shared REST address in one file', async () => {
    const file = await mini.write(
      'spot',
      `https://api.bybit.com/v5/market/time -> ${SECONDS}.0: {}\n${socket('/v5/public/spot', bybit.snapshot({ update: 8 }))}`,
    );
    const { meta } = await mini.import({ files: [file] });
    expect(meta.instruments.map(({ instrument }) => instrument)).to.deep.equal(['AAAUSDT@bybit-spot']);
  });
  it('without an address are of the likeliest market, or the one that is named', async () => {
    const file = await mini.write('bare-lines', `${SECONDS}.2: ${JSON.stringify(bybit.snapshot({ update: 8 }))}\n`);
    for (const [venue, expected] of [
      [undefined, 'AAAUSDT@bybit-linear'],
      ['bybit-spot', 'AAAUSDT@bybit-spot'],
    ] as const) {
      const { meta } = await mini.import({ files: [file] }, venue === undefined ? {} : { venue });
      expect(meta.instruments.map(({ instrument }) => instrument)).to.deep.equal([expected]);
    }
  });
});
