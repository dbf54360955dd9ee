import type { SessionStep } from '../../adapters/venues/session/session-clock.js';
import { formatInstant } from '../../core/time.js';
import { Problem } from './problem.js';
import { momentOf, wholeNumber, type Query } from './query.js';
import type { Answer, Asked, Door } from './route.js';

const MOST_MESSAGES = 1_000_000;

/** `POST /v1/session/step`: a captured session goes on by so many messages, or to an instant; one step after the other. */
export async function step({ run, turns }: Door, { query }: Asked): Promise<Answer> {
  const take = run.step;
  if (take === undefined)
    throw new Problem(
      404,
      'not_stepped',
      'this market goes on by itself; serve a captured session with --market session:PATH@step to move it by hand',
    );
  const wanted = stepOf(query);
  return turns.take('session', async () => {
    if (run.health().clock.isOver === true)
      throw new Problem(409, 'session_over', 'the session has nothing more to say; serve it again into another --data');
    const { at, position, isOver } = await take(wanted);
    return { status: 200, body: { at: formatInstant(at), position, over: isOver } };
  });
}

function stepOf(query: Query): SessionStep {
  const until = momentOf(query, 'until');
  if (query.has('messages') === (until !== undefined))
    throw new Problem(400, 'wrong_parameter', 'a step is over messages or until an instant; give one of the two', {
      parameter: 'messages',
    });
  if (until === undefined) return { messages: wholeNumber(query, 'messages', 1, MOST_MESSAGES, 1) };
  if ('at' in until) return { until: until.at };
  throw new Problem(400, 'wrong_parameter', 'until is a seq; send an instant like 2024-01-01T00:00:00Z', {
    parameter: 'until',
  });
}
