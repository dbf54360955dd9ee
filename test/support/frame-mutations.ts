import type { Frame } from '../../adapters/venues/venue.js';
import type { Integrity } from './venue-fuzz.js';

/** A feed with something wrong in it, and what that is. */
export interface Mutation {
  readonly what: string;
  readonly frames: readonly Frame[];
}

type Random = () => number;

const below = (random: Random, count: number): number => Math.floor(random() * count);
const pick = <T>(random: Random, from: readonly T[]): T => from[below(random, from.length)]!;

/**
 * Makes a feed wrong in one way that messages which prove this much must not let pass for right.
 *
 * @param legal  hostile values that this venue's fields may hold
 */
export function mutated(
  frames: readonly Frame[],
  integrity: Integrity,
  random: Random,
  legal: readonly string[] = [],
): Mutation {
  const hostile = hostileValue(HOSTILE.filter((value) => !legal.includes(value)));
  const ways = [cut, hostile, hostile, hostile, hostileText, withoutField];
  if (integrity.by !== 'none') ways.push(leftOut, repeated, swapped);
  if (integrity.by === 'checksum') {
    const { bare = () => false } = integrity;
    ways.push(unlessBare(otherDigit, bare), unlessBare(otherDigit, bare), unlessBare(withoutLevel, bare));
  }
  for (;;) {
    const made = pick(random, ways)(frames, random);
    if (made !== undefined) return made;
  }
}

type Way = (frames: readonly Frame[], random: Random) => Mutation | undefined;

/** What would make of a frame without proof what could have been sent is not tried. */
const unlessBare =
  (way: Way, bare: (frame: Frame) => boolean): Way =>
  (frames, random) => {
    const made = way(frames, random);
    const spoiled = made?.frames.findIndex((frame, index) => frame !== frames[index]) ?? -1;
    return spoiled >= 0 && bare(frames[spoiled]!) ? undefined : made;
  };

const leftOut: Way = (frames, random) => {
  const index = below(random, frames.length - 1);
  return { what: `frame ${index} left out`, frames: frames.filter((_, at) => at !== index) };
};

const repeated: Way = (frames, random) => {
  const index = below(random, frames.length);
  return {
    what: `frame ${index} repeated`,
    frames: [...frames.slice(0, index + 1), frames[index]!, ...frames.slice(index + 1)],
  };
};

const swapped: Way = (frames, random) => {
  const index = below(random, frames.length - 1);
  const [before, after] = [frames[index]!, frames[index + 1]!];
  return {
    what: `frames ${index} and ${index + 1} swapped`,
    frames: [
      ...frames.slice(0, index),
      { ...after, at: before.at },
      { ...before, at: after.at },
      ...frames.slice(index + 2),
    ],
  };
};

const cut: Way = (frames, random) => {
  const index = below(random, frames.length);
  const { text } = frames[index]!;
  return withText(frames, index, text.slice(0, below(random, text.length)), 'cut');
};

/** Values that no field of a book message or trade holds; a field that is not read may have them. */
const HOSTILE: readonly string[] = [
  'null',
  'true',
  'false',
  '{}',
  '[[]]',
  '[null]',
  '{"length":1}',
  '""',
  '"abc"',
  '"-1"',
  '-1',
  '-0.5',
  '1.5e300',
  '1e-300',
  '"1e999"',
  '"NaN"',
  '"0x10"',
  '" 1"',
  '"1,5"',
  '"99999999999999999999"',
  '99999999999999999999',
  '"0.12345678901234567890123"',
  '"\\u0000"',
  '"__proto__"',
  '"constructor"',
  `"${'9'.repeat(400)}"`,
  `"${'x'.repeat(400)}"`,
  `${'['.repeat(300)}${']'.repeat(300)}`,
];

/** Replaces one value anywhere in a frame's JSON. */
const hostileValue =
  (values: readonly string[]): Way =>
  (frames, random) => {
    const index = below(random, frames.length);
    const spots = spotsOf(frames[index]!.text);
    if (spots.length === 0) return undefined;
    const { from, to } = pick(random, spots);
    const { text } = frames[index]!;
    const made = pick(random, values);
    return withText(frames, index, text.slice(0, from) + made + text.slice(to), `${text.slice(from, to)} made ${made}`);
  };

/** Puts something that is no JSON, or no message, in the place of a frame. */
const hostileText: Way = (frames, random) => {
  const text = pick(random, [
    '',
    'null',
    '0',
    '"text"',
    '[]',
    '[1]',
    '{}',
    '[[[]]]',
    '\u0000',
    '{"a":',
    'NaN',
    '[0,{},"",""]',
  ]);
  return withText(frames, below(random, frames.length), text, 'replaced');
};

/** Takes away one member of an object. */
const withoutField: Way = (frames, random) => {
  const index = below(random, frames.length);
  const { text } = frames[index]!;
  const keys = [...text.matchAll(/"(\w+)":/g)];
  if (keys.length === 0) return undefined;
  const { 1: key, index: at } = pick(random, keys);
  // its name is taken away: whoever looks for the member finds none
  return withText(frames, index, `${text.slice(0, at + 1)}_${text.slice(at + 1)}`, `without ${key!}`);
};

/** Changes one digit of a price or quantity, or of the checksum itself. */
const otherDigit: Way = (frames, random) => {
  const index = below(random, frames.length);
  const { text } = frames[index]!;
  const digits = [...text.matchAll(/\d/g)];
  if (digits.length === 0) return undefined;
  const { 0: digit, index: at } = pick(random, digits);
  const other = String((Number(digit) + 1 + below(random, 9)) % 10);
  return withText(
    frames,
    index,
    text.slice(0, at) + other + text.slice(at + 1),
    `digit ${digit} at ${at} made ${other}`,
  );
};

/** Takes one element away from a list of several. */
const withoutLevel: Way = (frames, random) => {
  const index = below(random, frames.length);
  const { text } = frames[index]!;
  const levels = [...text.matchAll(/(?:\[[^[\]{}]*\]|\{[^[\]{}]*\}),(?=[[{])/g)];
  if (levels.length === 0) return undefined;
  const { 0: level, index: at } = pick(random, levels);
  return withText(frames, index, text.slice(0, at) + text.slice(at + level.length), `without ${level}`);
};

function withText(frames: readonly Frame[], index: number, text: string, how: string): Mutation {
  return {
    what: `frame ${index} ${how}`,
    frames: frames.map((frame, at) => (at === index ? { ...frame, text } : frame)),
  };
}

/** Where the values of a JSON text stand: texts, numbers and words, lists and objects; not the names of members. */
function spotsOf(text: string): { readonly from: number; readonly to: number }[] {
  const spots: { from: number; to: number }[] = [];
  const open: number[] = [];
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]|[-\w.+]+/g)) {
    if (token === '[' || token === '{') open.push(index);
    else if (token === ']' || token === '}') spots.push({ from: open.pop() ?? 0, to: index + 1 });
    else if (text[index + token.length] !== ':') spots.push({ from: index, to: index + token.length });
  }
  return spots;
}
