import { expect } from 'chai';
import { isPlainTicker } from '../../../../../adapters/recordings/collector/plain-ticker.js';

const spot = '{"stream":"btcusdt@bookTicker","data":{"u":1,"s":"BTCUSDT","b":"1.5","B":"2","a":"1.6","A":"3"}}';
const futures =
  '{"stream":"a@bookTicker","data":{"e":"bookTicker","u":10,"s":"A","T":1723161256313,"E":1723161256313}}';
const yes = (text: string): boolean => {
  const bytes = Buffer.from(`x${text}y`);
  return isPlainTicker(bytes, 1, bytes.length - 1);
};

describe('a plain ticker', () => {
  it('is told from its bytes', () => {
    expect(yes(spot)).to.equal(true);
    expect(yes(futures)).to.equal(true);
  });
  it('is not any other message', () => {
    for (const text of [
      spot.replace('bookTicker', 'trade'),
      spot.replace('bookTicker', 'bookTickers'),
      spot.replace('"1.5"', '[]'),
      spot.replace('"data"', '"date"'),
      '{"lastUpdateId":1}',
      '',
    ])
      expect(yes(text), text).to.equal(false);
  });
  it('is never seen where the JSON is broken', () => {
    for (const text of [spot, futures]) {
      for (let cut = 0; cut < text.length; cut++) expect(yes(text.slice(0, cut)), `cut at ${cut}`).to.equal(false);
      expect(yes(`${text}}`)).to.equal(false);
      expect(yes(`${text} `)).to.equal(false);
    }
  });
  it('is never seen where one changed byte makes no JSON of it', () => {
    const others = ' "\\,:{}[]0189-+.eabt\u0000\u0007\u007f';
    for (const text of [spot, futures])
      for (let at = 0; at < text.length; at++)
        for (const byte of others) {
          const changed = text.slice(0, at) + byte + text.slice(at + 1);
          if (yes(changed)) expect(() => JSON.parse(changed) as unknown, changed).not.to.throw();
        }
  });
});
