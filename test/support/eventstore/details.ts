import type { Answer, StreamIdentifier } from './messages.js';
import type { Expected } from './store.js';

/** Typed values inside a status, written by hand: field numbers, varints and lengths are all there is to them. */
const TYPE = 'type.googleapis.com/event_store.client.';

const ALREADY_EXISTS = 6;
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;

export function conflict(expected: Expected, current: number | undefined): Answer {
  const now = current === undefined ? embedded(2, Buffer.alloc(0)) : number(1, current);
  return status(ALREADY_EXISTS, 'WrongExpectedVersion', Buffer.concat([now, expectation(expected)]));
}

export const deleted = ({ stream_name }: StreamIdentifier): Answer =>
  status(NOT_FOUND, 'StreamDeleted', embedded(1, embedded(3, stream_name)));

export const tooLarge = (largest: number): Answer =>
  status(INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', number(1, largest));

/** A status that says what it means only in its message. */
export const bare = (code: number, message: string): Answer => ({
  code,
  message,
  details: { type_url: `${TYPE}Empty`, value: Buffer.alloc(0) },
});

const status = (code: number, name: string, value: Buffer): Answer => ({
  code,
  message: '',
  details: { type_url: TYPE + name, value },
});

function expectation(expected: Expected): Buffer {
  if (typeof expected === 'number') return number(3, expected);
  return embedded({ any: 4, stream_exists: 5, no_stream: 6 }[expected], Buffer.alloc(0));
}

const number = (field: number, value: number): Buffer => Buffer.concat([varint(field << 3), varint(value)]);

const embedded = (field: number, value: Buffer): Buffer =>
  Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80);
  return Buffer.from([...bytes, left]);
}
