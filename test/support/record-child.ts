// A process that records until it is killed, or until it is told to end: a venue of our own, or the sample market.
// It speaks in lines: what it was sent, and what it has flushed.
import { writeSync } from 'node:fs';
import { systemClock } from '../../adapters/clock/system-clock.js';
import { record } from '../../adapters/recordings/recorder/record.js';
import { sampleFeed } from '../../adapters/venues/sample/feed.js';
import { MICROS } from '../../core/time.js';
import { SPOT } from './market.js';
import { binance } from './mini-recording.js';
import { TappedVenue } from './tapped-venue.js';

const [what, out, rotateMs] = process.argv.slice(2) as [string, string, string | undefined];
/** At once and not through a pipe's queue: what was said was said, even when the process is killed next. */
const say = (line: string): void => void writeSync(1, `${line}\n`);

const clock = systemClock();
const stopping = new AbortController();
process.stdin.once('readable', () => stopping.abort());

/** A book whose n-th message changes one level to n: what is missing shows. */
function venue(): TappedVenue {
  const feed = new TappedVenue([{ ...SPOT, instrument: 'AAABTC@binance' }]);
  let number = 1;
  setInterval(() => {
    if (number === 1) {
      feed.opens(clock.now());
      feed.replies(clock.now(), '/api/v3/depth?symbol=AAABTC', binance.rest(1, [['10', '1']], [['20', '1']]));
    }
    for (let each = 0; each < 3; each++) {
      number++;
      feed.says(clock.now(), binance.depth(number, number, [['10', String(number)]]));
    }
    if (number % 60 === 1) say(`said ${number}`);
  }, 1);
  return feed;
}

const { end } = await record({
  out,
  engineVersion: 'test',
  clock,
  hostClock: clock,
  flushEvery: 100 * MICROS.ms,
  ...(rotateMs === undefined ? {} : { rotateAfter: Number(rotateMs) * MICROS.ms }),
  signal: stopping.signal,
  open: (tapOf) => {
    if (what === 'sample') {
      const instruments = ['BTC-USD@sample'];
      return Promise.resolve([{ feed: sampleFeed({ seed: 1, clock, instruments, messagesPerSecond: 2_000 }) }]);
    }
    const feed = venue();
    feed.tap = tapOf('binance');
    return Promise.resolve([{ feed, tap: feed.tap }]);
  },
  onFlush: ({ out: part, inputs, rawLines }) => say(`flushed ${part} ${inputs} ${rawLines}`),
});
say(`ended ${end}`);
process.exit(0);
