import type { CommandName, TwapParameters } from '../../core/orders/parameters.js';
import type { Changes } from '../../core/orders/amendment.js';
import type { EpochMicros } from '../../core/time.js';
import { readTime } from './instant.js';
import { isObject, readJson, survey, type JsonSent } from './json-text.js';
import { nearest } from './nearest.js';
import { COMMAND_SCHEMA, FILE_ORDER_SCHEMA } from './order-schema.js';
import { orderOf, readChanges } from './order-request.js';
import { sentence, shortened, type Read, type RequestProblem } from './problem.js';
import { shapeReader, type Shaped } from './shape.js';

/** An order of a file; without `at` it comes in at its start time, or when the book is first usable. */
export interface FileOrder {
  readonly kind: 'order';
  readonly line: number;
  readonly at?: EpochMicros;
  readonly orderId: string;
  readonly parameters: TwapParameters;
}

export interface FileCommand {
  readonly kind: 'command';
  readonly line: number;
  readonly at: EpochMicros;
  readonly command: CommandName;
  readonly orderId: string;
  /** Of the order, as the file submits it. */
  readonly account: string;
  /** With `amend`, and only there. */
  readonly changes?: Changes;
}

/** What a file asks for, in the order of the file. */
export interface OrdersFile {
  readonly fileName: string;
  readonly orders: readonly FileOrder[];
  readonly commands: readonly FileCommand[];
}

/** An orders file that cannot be used. The message begins with file and line. */
export class OrdersFileError extends Error {
  override readonly name = 'OrdersFileError';
  constructor(
    readonly fileName: string,
    readonly line: number,
    readonly problem: RequestProblem,
  ) {
    const where = problem.where === '' ? '' : `${problem.where}: `;
    super(`${fileName}:${line}: ${where}${sentence(problem)}`);
  }
}

const orderShape = shapeReader(FILE_ORDER_SCHEMA);
const commandShape = shapeReader(COMMAND_SCHEMA);

/**
 * Reads an orders file: a JSON array, or one object a line. An order without an id gets `o1`, `o2`, … by its place among the
 * file's orders.
 *
 * @param fileName  for messages
 * @throws {OrdersFileError} at the first thing that is wrong
 */
export function parseOrdersFile(text: string, fileName: string): OrdersFile {
  const orders: FileOrder[] = [];
  const commands: Omit<FileCommand, 'account'>[] = [];
  const byId = new Map<string, FileOrder>();
  for (const { line, value } of entries(text.replace(/^\uFEFF/, ''), fileName)) {
    const fail = (problem: RequestProblem): never => {
      throw new OrdersFileError(fileName, line, problem);
    };
    if (isObject(value) && 'command' in value) {
      commands.push(taken(readCommand(value, line), fail));
      continue;
    }
    const order = taken(readFileOrder(value, line, orders.length + 1), fail);
    const earlier = byId.get(order.orderId);
    if (earlier !== undefined) fail(twice(order.orderId, earlier.line));
    byId.set(order.orderId, order);
    orders.push(order);
  }
  return { fileName, orders, commands: commands.map((command) => addressed(command, byId, fileName)) };
}

function taken<T>(read: Read<T>, fail: (problem: RequestProblem) => never): T {
  return read.problem === undefined ? read.ok : fail(read.problem);
}

interface Entry {
  readonly line: number;
  readonly value: JsonSent;
}

function* entries(text: string, fileName: string): Generator<Entry> {
  const first = text.search(/\S/);
  if (first < 0)
    throw new OrdersFileError(fileName, 1, {
      code: 'file_empty',
      where: '',
      what: 'the file is empty',
      mend: 'write a JSON array of orders, or one order a line',
    });
  if (text[first] === '[') yield* elements(text, fileName);
  else yield* lines(text, fileName);
}

function* elements(text: string, fileName: string): Generator<Entry> {
  const read = readJson(text);
  if (read.problem !== undefined) throw new OrdersFileError(fileName, lineIn(read.problem), read.problem);
  const offsets: number[] = [];
  survey(text, (offset) => offsets.push(offset));
  let line = 1;
  let counted = 0;
  for (const [i, value] of (read.ok as readonly JsonSent[]).entries()) {
    const offset = offsets[i]!;
    for (; counted < offset; counted++) if (text[counted] === '\n') line++;
    yield { line, value };
  }
}

function* lines(text: string, fileName: string): Generator<Entry> {
  let first = true;
  for (const [i, row] of text.split('\n').entries()) {
    if (row.trim() === '') continue;
    const read = readJson(row, i + 1);
    if (read.problem === undefined) yield { line: i + 1, value: read.ok };
    else {
      // one order written over several lines is clear enough
      const whole = first && !row.trimEnd().endsWith('}') ? readJson(text) : read;
      if (whole.problem !== undefined) throw new OrdersFileError(fileName, lineIn(whole.problem), whole.problem);
      yield { line: i + 1, value: whole.ok };
      return;
    }
    first = false;
  }
}

const lineIn = (problem: RequestProblem): number => Number(/\(line (\d+),/.exec(problem.what)?.[1] ?? 1);

function readFileOrder(value: JsonSent, line: number, place: number): Read<FileOrder> {
  const read = orderShape(value);
  if (read.problem !== undefined) return read;
  const { orderId = `o${place}`, parameters } = orderOf(read.ok);
  if (read.ok['at'] === undefined) return { ok: { kind: 'order', line, orderId, parameters } };
  const at = readAt(read.ok);
  return at.problem === undefined ? { ok: { kind: 'order', line, at: at.ok, orderId, parameters } } : at;
}

function readCommand(value: JsonSent, line: number): Read<Omit<FileCommand, 'account'>> {
  const { changes: sent, ...rest } = value as Record<string, JsonSent>;
  const read = commandShape(sent === undefined ? rest : { ...rest, changes: {} });
  if (read.problem !== undefined) return read;
  const at = readAt(read.ok);
  if (at.problem !== undefined) return at;
  const { command, orderId } = read.ok as { command: CommandName; orderId: string };
  const plain = { kind: 'command', line, at: at.ok, command, orderId } as const;
  if (command !== 'amend')
    return sent === undefined
      ? { ok: plain }
      : { problem: unfit('/changes', `${command} changes no parameter`, 'leave changes out, or send "amend"') };
  if (sent === undefined) return { problem: unfit('/changes', 'changes is missing', 'say what amend is to change') };
  const changes = readChanges(sent);
  if (changes.problem === undefined) return { ok: { ...plain, changes: changes.ok } };
  return { problem: { ...changes.problem, where: `/changes${changes.problem.where}` } };
}

const unfit = (where: string, what: string, mend: string): RequestProblem => ({ code: 'malformed', where, what, mend });

function readAt(shaped: Shaped): Read<EpochMicros> {
  const text = shaped['at'] as string;
  const time = readTime(text);
  if (time !== undefined && 'at' in time) return { ok: time.at };
  return {
    problem: unfit('/at', `at is ${shortened(text)}, which is no instant`, 'write it like 2024-08-08T23:55:00Z'),
  };
}

function twice(orderId: string, line: number): RequestProblem {
  return {
    code: 'order_exists',
    where: '/orderId',
    what: `order ${orderId} is in the file already, in line ${line}`,
    mend: 'give each order its own orderId',
  };
}

function addressed(
  command: Omit<FileCommand, 'account'>,
  byId: ReadonlyMap<string, FileOrder>,
  fileName: string,
): FileCommand {
  const order = byId.get(command.orderId);
  if (order !== undefined) return { ...command, account: order.parameters.account };
  const known =
    byId.size === 0 ? 'the file has no orders' : `did you mean "${nearest(command.orderId, [...byId.keys()])}"?`;
  throw new OrdersFileError(fileName, command.line, {
    code: 'order_unknown',
    where: '/orderId',
    what: `no order of the file is named ${command.orderId}`,
    mend: known,
  });
}
