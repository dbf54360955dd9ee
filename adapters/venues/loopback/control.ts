import type { Request } from '../venue.js';
import type { RestAnswer } from './dialect.js';
import { BadFault, readFault } from './faults.js';
import type { LoopbackVenue } from './loopback-venue.js';

/** Paths that no venue has: what a test tells the venue to do. */
export const CONTROL_PATH = '/_loopback';

/**
 * `GET /_loopback` tells how far the recording is. `POST /_loopback/faults` takes a fault, or a list of them.
 * `POST /_loopback/step` takes `{"messages": 10}`, and answers when they are sent.
 */
export async function control(venue: LoopbackVenue, { method, path, body = '' }: Request): Promise<RestAnswer> {
  switch (`${method ?? 'GET'} ${path}`) {
    case `GET ${CONTROL_PATH}`:
      return told(venue);
    case `POST ${CONTROL_PATH}/faults`:
      return refusing(() => {
        const sent = json(body);
        const faults = (Array.isArray(sent) ? (sent as unknown[]) : [sent]).map(readFault);
        venue.inject(...faults);
        return told(venue);
      });
    case `POST ${CONTROL_PATH}/step`:
      return refusing(async () => {
        const { messages } = (json(body) ?? {}) as { messages?: unknown };
        if (!Number.isSafeInteger(messages) || (messages as number) < 1)
          throw new BadFault('"messages" is no whole number from 1');
        if (venue.options.speed !== 0)
          throw new BadFault('the recording plays by itself: serve it with speed 0 for steps');
        await venue.step(messages as number);
        return told(venue);
      });
    default:
      return problem(404, `there are GET ${CONTROL_PATH}, POST ${CONTROL_PATH}/faults and POST ${CONTROL_PATH}/step`);
  }
}

const told = (venue: LoopbackVenue): RestAnswer => ({ status: 200, text: JSON.stringify(venue.status()) });
const problem = (status: number, error: string): RestAnswer => ({ status, text: JSON.stringify({ error }) });

async function refusing(act: () => RestAnswer | Promise<RestAnswer>): Promise<RestAnswer> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof BadFault) return problem(400, error.message);
    throw error;
  }
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new BadFault('the body is no JSON');
  }
}
