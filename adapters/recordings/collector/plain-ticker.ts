const QUOTE = 34;
const COMMA = 44;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
const FRAME = Buffer.from('{"stream":"');
const TICKER = Buffer.from('@bookTicker"');
const DATA = Buffer.from(',"data":');

/**
 * Whether a message is a best-bid-and-offer frame and valid JSON, told from its bytes alone. Two lines in three are, and
 * become nothing: reading them whole would take a fifth of an import. No is a safe answer: then the JSON is parsed. Yes is
 * said of one plain shape only: `{"stream":"…@bookTicker","data":{…}}`, no white space, texts of printable ASCII without
 * escapes, whole numbers.
 */
export function isPlainTicker(bytes: Uint8Array, from: number, to: number): boolean {
  if (!isAt(bytes, from, FRAME)) return false;
  let at = endOfText(bytes, from + FRAME.length, to);
  if (at < 0 || !isAt(bytes, at - TICKER.length, TICKER) || !isAt(bytes, at, DATA)) return false;
  at += DATA.length;
  if (bytes[at++] !== OPEN) return false;
  for (;;) {
    if (bytes[at] !== QUOTE) return false;
    at = endOfText(bytes, at + 1, to);
    if (at < 0 || bytes[at++] !== COLON) return false;
    at = bytes[at] === QUOTE ? endOfText(bytes, at + 1, to) : endOfWhole(bytes, at);
    if (at < 0) return false;
    const next = bytes[at++];
    if (next === COMMA) continue;
    return next === CLOSE && bytes[at] === CLOSE && at + 1 === to;
  }
}

function isAt(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let index = 0; index < expected.length; index++) if (bytes[at + index] !== expected[index]) return false;
  return true;
}

/** Behind the closing quote of a text that begins here; -1 where it is not plain. */
function endOfText(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at + 1;
    if (byte < 32 || byte > 126 || byte === BACKSLASH) return -1;
  }
  return -1;
}

/** Behind a whole number without sign and leading zero; -1 where there is none. */
function endOfWhole(bytes: Uint8Array, from: number): number {
  if (!(bytes[from]! > ZERO && bytes[from]! <= NINE)) return -1;
  let at = from + 1;
  while (bytes[at]! >= ZERO && bytes[at]! <= NINE) at++;
  return at;
}
