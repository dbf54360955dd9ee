import { parse } from 'lossless-json';
import { NumberText } from './number-text.js';
import { shortened, type Read, type RequestProblem } from './problem.js';

/** JSON as it was sent: numbers are still text. */
export type JsonSent =
  null | boolean | string | NumberText | readonly JsonSent[] | { readonly [key: string]: JsonSent };
export type JsonObject = { readonly [key: string]: JsonSent };

/** Deepest nesting that is read; an orders file needs three. */
const MOST_DEPTH = 16;

export const isObject = (value: JsonSent | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText);

/**
 * Reads a JSON text without losing a digit. A key said twice, a nesting over 16 deep and anything that is not JSON are
 * problems that name line and column.
 *
 * @param firstLine  the number of the text's first line in whatever it was cut from
 */
export function readJson(text: string, firstLine = 1): Read<JsonSent> {
  const found = survey(text);
  if (found !== undefined) return { problem: problemAt(text, firstLine, found) };
  try {
    return { ok: parse(text, null, (number) => new NumberText(number)) as JsonSent };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, what = error.message, at = '0'] = /^(.*?) at position (\d+)$/s.exec(error.message) ?? [];
    const named = what.startsWith('JSON') ? what : what.charAt(0).toLowerCase() + what.slice(1);
    return { problem: problemAt(text, firstLine, { code: 'not_json', at: Number(at), what: `not JSON: ${named}` }) };
  }
}

interface Finding {
  readonly code: string;
  /** Offset in the text. */
  readonly at: number;
  readonly what: string;
}

const MENDS: Readonly<Record<string, string>> = {
  not_json: 'send one JSON value, keys and texts in double quotes',
  duplicate_key: 'say each key once',
  too_deep: `nest at most ${MOST_DEPTH} levels`,
};

function problemAt(text: string, firstLine: number, { code, at, what }: Finding): RequestProblem {
  const before = text.slice(0, at).split('\n');
  const place = `line ${firstLine + before.length - 1}, column ${before.at(-1)!.length + 1}`;
  return { code, where: '', what: `${what} (${place})`, mend: MENDS[code] ?? '' };
}

/**
 * Goes over a JSON text without building it: what is nested too deep or said twice is found here, before a parser recurses
 * into it. What is no JSON at all is left for the parser to name.
 *
 * @param onElement  told the offset of each element of a top-level array
 */
export function survey(text: string, onElement?: (offset: number) => void): Finding | undefined {
  /** One entry per open bracket: the keys so far of an object, undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  let keyNext = false;
  let elementNext = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (' \t\r\n'.includes(char)) continue;
    if (elementNext && char !== ']') onElement?.(i);
    elementNext = false;
    switch (char) {
      case '"': {
        const end = endOfText(text, i);
        const keys = open.at(-1);
        if (keyNext && keys !== undefined) {
          const key = keyOf(text.slice(i, end + 1));
          if (keys.has(key))
            return { code: 'duplicate_key', at: i, what: `the key ${JSON.stringify(shortened(key))} is said twice` };
          keys.add(key);
          keyNext = false;
        }
        i = end;
        break;
      }
      case '{':
      case '[':
        open.push(char === '{' ? new Set() : undefined);
        if (open.length > MOST_DEPTH) return { code: 'too_deep', at: i, what: 'the JSON is nested too deep' };
        keyNext = char === '{';
        elementNext = char === '[' && open.length === 1;
        break;
      case '}':
      case ']':
        open.pop();
        keyNext = false;
        break;
      case ',':
        keyNext = open.at(-1) !== undefined;
        elementNext = !keyNext && open.length === 1;
        break;
      default:
    }
  }
  return undefined;
}

function endOfText(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\\') i++;
    else if (char === '"') return i;
  }
  return text.length;
}

/** Two spellings of one key (`a` and `\u0061`) are one key. */
function keyOf(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}
