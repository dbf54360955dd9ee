// Sweeps a session with so many desks in a fresh process and hands back the time that it took and its peak memory.
import { handBack } from '../child.js';
import { sweepOnce, sweptSession } from '../sweep-once.js';
import type { DeskKind } from '../sweep-desks.js';

const [, , path = '', kind = 'taker', count = '1'] = process.argv;
const session = await sweptSession(path);
const start = performance.now();
const sum = await sweepOnce(session, kind as DeskKind, Number(count));
const ms = performance.now() - start;
handBack({ ...sum, ms, peakKiB: process.resourceUsage().maxRSS });
