import type { IncomingMessage } from 'node:http';
import { readJson, type JsonSent } from '../../adapters/requests/json-text.js';
import { Problem, problemOf } from './problem.js';

/** Largest body that is read. */
export const MOST_BODY_BYTES = 1 << 20;

/**
 * Reads a body as text, at most 1 MiB of it: what is larger is let run past without being kept.
 *
 * @throws {Problem} 413, and 400 for what is no UTF-8
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BODY_BYTES) throw tooLarge(request);
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve, reject) => {
    let bytes = 0;
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= MOST_BODY_BYTES) return;
      request.off('data', onData);
      reject(tooLarge(request));
    };
    request.on('data', onData);
    request.once('end', resolve);
    request.once('close', () => {
      if (!request.complete) reject(new Problem(400, 'body_cut_off', 'the body ended too early; send it whole'));
    });
    request.once('error', () => {
      reject(new Problem(400, 'body_cut_off', 'the body ended too early; send it whole'));
    });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new Problem(400, 'body_not_utf8', 'the body is no UTF-8 text; send JSON in UTF-8');
  }
}

function tooLarge(request: IncomingMessage): Problem {
  request.resume();
  return new Problem(
    413,
    'body_too_large',
    `the body is larger than ${MOST_BODY_BYTES} bytes; an order needs a few hundred`,
  );
}

/** Types that a body may have. A merge patch (RFC 7396) says what an amendment says. */
const JSON_TYPES = new Set(['application/json', 'application/merge-patch+json']);

/** @throws {Problem} 415 unless the body says that it is JSON, plain and in UTF-8 */
export function expectJson(request: IncomingMessage): void {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters
    .map((each) => /^\s*charset="?([^"\s]+)"?\s*$/.exec(each)?.[1])
    .find((each) => each !== undefined);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (JSON_TYPES.has(type.trim()) && (charset ?? 'utf-8') === 'utf-8' && encoding === 'identity') return;
  const sent = type.trim() === '' ? 'nothing says what the body is' : `${type.trim().slice(0, 60)} is not read here`;
  throw new Problem(
    415,
    'not_json_type',
    `${sent}; send Content-Type: application/json, in UTF-8 and not compressed`,
    { parameter: 'Content-Type' },
    { Accept: 'application/json' },
  );
}

/** @throws {Problem} 400 that says where it is no JSON */
export function jsonOf(text: string): JsonSent {
  if (text.trim() === '') throw new Problem(400, 'body_missing', 'there is no body; send a JSON object');
  const read = readJson(text);
  if (read.problem === undefined) return read.ok;
  throw problemOf(400, read.problem);
}
