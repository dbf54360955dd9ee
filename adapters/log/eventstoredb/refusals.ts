import { LogFailure } from '../../../core/ports.js';
import { NodeRefusal, type RefusalKind } from './node.js';

/** What a node refused, as the log's failure. */
export const failureOf = (refusal: NodeRefusal, what: string, stream?: string): LogFailure =>
  new LogFailure(
    refusal.kind === 'denied' && stream !== undefined ? 'read_only' : 'unavailable',
    `${what}: ${REASONS[refusal.kind] ?? 'the store refused it'} (${refusal.message})`,
    stream === undefined ? {} : { stream },
    { cause: refusal },
  );

const REASONS: Readonly<Partial<Record<RefusalKind, string>>> = {
  denied: 'the store does not let this user do so; look at user and password in its address, and at the rights',
  untrusted:
    'no safe connection comes about; name the file of the authority that vouches for the node with tlsCAFile, ' +
    'and say tls=false only to a node without TLS',
  too_large: 'the store takes less at once than it does by default',
  deleted: 'the stream was ended for ever',
};

/** An answer, or what a node refused as the log's failure. */
export async function answered<Answer>(what: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof NodeRefusal ? failureOf(error, what) : error;
  }
}
