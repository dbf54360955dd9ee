// Replays a session in a fresh process and hands back its peak memory.
import { openSession } from '../../../adapters/recordings/session/session.js';
import { replay } from '../../../replay/replay.js';
import { handBack } from '../child.js';

const session = await openSession(process.argv[2]!, { verify: false });
const start = performance.now();
const { inputs } = await replay(session.inputs(), session);
const seconds = (performance.now() - start) / 1000;
handBack({ peakKiB: process.resourceUsage().maxRSS, seconds, inputs });
