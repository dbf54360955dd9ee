import { isRecord } from '../mapping/fields.js';

/** A channel of one instrument that a client asked for. */
export interface Arg {
  readonly channel: 'books' | 'trades';
  readonly instId: string;
}

/** What a client asked for, channel by channel. */
export interface Asked {
  readonly op: 'subscribe' | 'unsubscribe';
  readonly args: readonly Arg[];
  /** The client's name of the request, as the answers repeat it. */
  readonly tag: { readonly id?: string };
}

/** Reads a client's message. @returns a text for what cannot be done: the answer */
export function askedIn(text: string): Asked | string {
  const message = jsonIn(text);
  if (!isRecord(message)) return problem('60012', `Invalid request: ${text.slice(0, 200)}`, {});
  const { op, args, id } = message;
  const tag = typeof id === 'string' ? { id } : {};
  if ((op !== 'subscribe' && op !== 'unsubscribe') || !Array.isArray(args))
    return problem('60012', `Invalid request: ${text.slice(0, 200)}`, tag);
  const wanted: Arg[] = [];
  for (const arg of args as readonly unknown[]) {
    const { channel, instId } = isRecord(arg) ? arg : {};
    if ((channel !== 'books' && channel !== 'trades') || typeof instId !== 'string')
      return problem('60018', wrong(arg), tag);
    wanted.push({ channel, instId });
  }
  return { op, args: wanted, tag };
}

/** What the venue says of a channel that it does not have. */
export const noSuchChannel = (arg: Arg, tag: Asked['tag']): string => problem('60018', wrong(arg), tag);

const wrong = (arg: unknown): string =>
  `Wrong URL or ${JSON.stringify(arg ?? null)} doesn't exist. Please use the correct URL, channel and parameters.`;

const problem = (code: string, msg: string, tag: Asked['tag']): string =>
  JSON.stringify({ event: 'error', code, msg, ...tag, connId: CONNECTION_ID });

/** Answers name their connection; ours are told apart by nobody. */
export const CONNECTION_ID = '00000001';

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
