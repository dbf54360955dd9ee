/**
 * Chance as a function: the draw of (seed, key, number) is the same on every machine and in every order of asking, so no
 * generator has a state that a checkpoint would have to keep. The generator is Philox4x32-10.
 *
 * @see Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3"
 */
import { invariant } from './errors.js';

const WORD = 4_294_967_296; // 2^32

/** Draw `number` of the sequence named by `seed` and `key`: a whole number in [0, 2^32). */
export function draw(seed: number, key: string, number: number): number {
  return new Draws(seed, key).seek(number).next();
}

/**
 * The same draw as a whole number in [0, below): its 64 bits times `below`, the whole part. No value is likelier than
 * another by more than one part in 2^64 / `below`.
 *
 * @param below  a safe integer >= 1
 */
export function uniform(seed: number, key: string, number: number, below: number): number {
  invariant(Number.isSafeInteger(below) && below >= 1, `a draw below ${below} is not possible`);
  const draws = new Draws(seed, key).seek(number);
  const high = draws.next();
  const low = draws.next();
  return Number((((BigInt(high) << 32n) | BigInt(low)) * BigInt(below)) >> 64n);
}

/**
 * Reads the draws of one key word by word, for those who need many: `seek(n)` stands at draw n, whose 128 bits are four
 * words; further words are those of draw n + 1 and so on.
 */
export class Draws {
  readonly #hashed = new Uint32Array(4);
  readonly #words = new Uint32Array(4);
  #number = 0;
  #word = 4;

  /** @param seed  a safe integer >= 0 */
  constructor(seed: number, key: string) {
    invariant(Number.isSafeInteger(seed) && seed >= 0, `the seed ${seed} is not a whole number from 0 to 2^53 - 1`);
    digest(seed, key, this.#hashed);
  }

  /** @param number  a safe integer >= 0 */
  seek(number: number): this {
    this.#number = number;
    this.#word = 4;
    return this;
  }

  /** The next 32 bits, as a whole number in [0, 2^32). */
  next(): number {
    if (this.#word === 4) {
      const hashed = this.#hashed;
      const high = Math.floor(this.#number / WORD);
      philox(this.#number - high * WORD, high, hashed[2]!, hashed[3]!, hashed[0]!, hashed[1]!, this.#words);
      this.#number++;
      this.#word = 0;
    }
    return this.#words[this.#word++]!;
  }

  /** A whole number in [0, below), for a `below` of at most 2^21, so that the product is exact. */
  below(below: number): number {
    return Math.floor((this.next() * below) / WORD);
  }

  /** True in `share` of all cases, a number from 0 to 1. */
  chance(share: number): boolean {
    return this.next() < share * WORD;
  }

  exponential(): number {
    return exponential(this.next());
  }

  normal(): number {
    return normal(this.next());
  }
}

/**
 * The exponential distribution at the quantile of a 32-bit word, in millionths of its mean, from 0 to 22.9 million. Between
 * the points of the table it is linear, and at most 130 millionths off.
 */
export function exponential(word: number): number {
  let share = 2 * word + 1; // of 2^33: the middle of the word's interval, never 0
  let halvings = 0;
  for (; share < WORD; share *= 2) halvings++;
  const segment = Math.floor((share - WORD) / 134_217_728);
  const rest = share - WORD - segment * 134_217_728;
  const from = MINUS_LOG[segment]!;
  return halvings * LOG_2 + from - Math.floor(((from - MINUS_LOG[segment + 1]!) * rest) / 134_217_728);
}

/**
 * The standard normal distribution at the quantile of a 32-bit word, in millionths of its deviation: the lowest bit is the
 * sign. Linear between the points of the table, at most 1,000 millionths off, and cut at 5.42 deviations.
 */
export function normal(word: number): number {
  let share = 2 * (word >>> 1) + 1; // of 2^32: twice the probability beyond the value
  let halvings = 0;
  for (; share < 2_147_483_648; share *= 2) halvings++;
  let value = NORMAL_TAIL[NORMAL_TAIL.length - 1]!;
  if (halvings < 24) {
    const below = WORD - share; // from the top of the octave down, 2^31 to the octave
    const segment = Math.floor(below / 268_435_456);
    const rest = below - segment * 268_435_456;
    const from = NORMAL_TAIL[8 * halvings + segment]!;
    value = from + Math.floor(((NORMAL_TAIL[8 * halvings + segment + 1]! - from) * rest) / 268_435_456);
  }
  return (word & 1) === 0 ? value : 0 - value;
}

/** Hashes seed and key to 128 bits, by enciphering the text two code units at a time under the seed. */
function digest(seed: number, key: string, out: Uint32Array): void {
  const high = Math.floor(seed / WORD);
  const low = seed - high * WORD;
  philox(key.length, 0, 0, 0, low, high, out);
  for (let i = 0; i < key.length; i += 2) {
    const units = key.charCodeAt(i) * 65_536 + (i + 1 < key.length ? key.charCodeAt(i + 1) : 0);
    philox(out[0]! ^ units, out[1]!, out[2]!, out[3]!, low, high, out);
  }
}

/** Ten rounds of Philox4x32 over a counter of four words under a key of two; `out` takes the four words of the block. */
export function philox(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: Uint32Array): void {
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(0xd2511f53, c0 >>> 0);
    const low0 = Math.imul(0xd2511f53, c0);
    const high1 = highProduct(0xcd9e8d57, c2 >>> 0);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** The upper 32 bits of the product of two unsigned 32-bit numbers. */
function highProduct(a: number, b: number): number {
  const lower = (a & 0xffff) * b;
  return Math.floor(((a >>> 16) * b + Math.floor(lower / 65_536)) / 65_536) | 0;
}

const LOG_2 = 693_147;

// -ln(1/2 + i/64) in millionths, i = 0 … 32
const MINUS_LOG = [
  693147, 662376, 632523, 603535, 575364, 547965, 521297, 495321, 470004, 445311, 421213, 397683, 374693, 352221,
  330242, 308735, 287682, 267063, 246860, 227057, 207639, 188591, 169899, 151550, 133531, 115832, 98440, 81346, 64539,
  48009, 31749, 15748, 0,
];

// What a standard normal exceeds with probability (1 - t/16) / 2^(octave + 1), in millionths, at 8 octave + t
const NORMAL_TAIL = [
  0, 78412, 157311, 237202, 318639, 402250, 488776, 579132, 674490, 724514, 776422, 830511, 887147, 946782, 1009990,
  1077516, 1150349, 1189164, 1229859, 1272699, 1318011, 1366204, 1417797, 1473468, 1534121, 1566689, 1601009, 1637325,
  1675940, 1717228, 1761670, 1809892, 1862732, 1891229, 1921351, 1953324, 1987428, 2024014, 2063528, 2106554, 2153875,
  2179469, 2206575, 2235407, 2266227, 2299362, 2335233, 2374387, 2417559, 2440956, 2465771, 2492204, 2520502, 2550976,
  2584020, 2620152, 2660067, 2681732, 2704733, 2729260, 2755549, 2783892, 2814665, 2848359, 2885635, 2905889, 2927411,
  2950380, 2975021, 3001611, 3030511, 3062186, 3097269, 3116349, 3136636, 3158301, 3181560, 3206678, 3233998, 3263969,
  3297193, 3315276, 3334512, 3355067, 3377146, 3401005, 3426972, 3455479, 3487104, 3504327, 3522656, 3542251, 3563308,
  3586074, 3610866, 3638099, 3668329, 3684801, 3702336, 3721091, 3741252, 3763060, 3786819, 3812930, 3841931, 3857739,
  3874574, 3892584, 3911953, 3932911, 3955753, 3980866, 4008773, 4023990, 4040199, 4057546, 4076207, 4096404, 4118426,
  4142645, 4169569, 4184255, 4199903, 4216653, 4234676, 4254189, 4275470, 4298883, 4324919, 4339125, 4354265, 4370473,
  4387918, 4406810, 4427419, 4450099, 4475328, 4489097, 4503774, 4519490, 4536408, 4554733, 4574729, 4596740, 4621231,
  4634600, 4648853, 4664118, 4680553, 4698359, 4717792, 4739188, 4763001, 4776003, 4789866, 4804715, 4820706, 4838033,
  4856947, 4877777, 4900964, 4913627, 4927129, 4941595, 4957175, 4974060, 4992494, 5012798, 5035406, 5047754, 5060923,
  5075032, 5090231, 5106705, 5124693, 5144509, 5166578, 5178633, 5191491, 5205270, 5220113, 5236204, 5253777, 5273138,
  5294704, 5306486, 5319054, 5332523, 5347035, 5362768, 5379952, 5398888, 5419983,
];
