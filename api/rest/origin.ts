import type { IncomingMessage } from 'node:http';
import { Problem } from './problem.js';

/**
 * Turns away what a page of another site sends through somebody's browser: a browser names the page's origin, and it must
 * be this server. Programs name none.
 *
 * @throws {Problem} 403
 */
export function sentOrigin(request: IncomingMessage): void {
  const { origin, host } = request.headers;
  if (origin === undefined || (host !== undefined && origin.replace(/^https?:\/\//, '') === host)) return;
  throw new Problem(
    403,
    'foreign_origin',
    'pages of other sites are not served; ask from this server or from a program',
    {
      parameter: 'Origin',
    },
  );
}
