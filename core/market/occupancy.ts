/**
 * Which offsets of a window hold a level: a bitmap of 32 offsets a word with a second one above it, whose bits say which
 * words may not be empty, so that the next level is found in a few steps however thin the book is.
 */
export class Occupancy {
  readonly #words: Int32Array;
  readonly #summary: Int32Array;

  /** @param size  number of offsets, a multiple of 1024 */
  constructor(size: number) {
    this.#words = new Int32Array(size >>> 5);
    this.#summary = new Int32Array(size >>> 10);
  }

  /**
   * Writes whether an offset is occupied, 1 or 0, and gives back whether it was. Without a branch on either: a book's
   * levels come and go too irregularly for a processor to guess.
   */
  put(offset: number, live: number): number {
    const word = offset >>> 5;
    const bits = this.#words[word]!;
    this.#words[word] = (bits & ~(1 << (offset & 31))) | (live << (offset & 31));
    if (bits === 0) this.#summary[word >>> 5]! |= 1 << (word & 31);
    return (bits >>> (offset & 31)) & 1;
  }

  /** The first occupied offset at or after `offset`, or the size when there is none. */
  from(offset: number): number {
    const words = this.#words;
    let word = offset >>> 5;
    if (word >= words.length) return words.length << 5;
    let bits = words[word]! & (-1 << (offset & 31));
    while (bits === 0) {
      word = this.#wordFrom(word + 1);
      if (word === words.length) break;
      bits = words[word]!;
      if (bits === 0) this.#summary[word >>> 5]! &= ~(1 << (word & 31)); // emptied since it was last looked at
    }
    return (word << 5) + (bits === 0 ? 0 : lowestBit(bits));
  }

  /** The first word at or after `word` that may hold a level, or the number of words. */
  #wordFrom(word: number): number {
    const summary = this.#summary;
    let above = word >>> 5;
    if (above === summary.length) return this.#words.length;
    let bits = summary[above]! & (-1 << (word & 31));
    while (bits === 0) {
      above++;
      if (above === summary.length) return this.#words.length;
      bits = summary[above]!;
    }
    return (above << 5) + lowestBit(bits);
  }
}

// Multiplying a single bit by a de Bruijn sequence shifts it left, and the top five bits then differ for every shift
// (Leiserson, Prokop & Randall 1998, "Using de Bruijn sequences to index a 1 in a computer word").
const DE_BRUIJN = 0x077cb531;
const POSITION = new Uint8Array(32);
for (let bit = 0; bit < 32; bit++) POSITION[Math.imul(1 << bit, DE_BRUIJN) >>> 27] = bit;

/** Place of the lowest bit that is set; `bits` is not 0. */
function lowestBit(bits: number): number {
  return POSITION[Math.imul(bits & -bits, DE_BRUIJN) >>> 27]!;
}
