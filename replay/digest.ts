import { createHash } from 'node:crypto';
import { capture, checkpointText } from '../core/engine/checkpoint.js';
import type { Engine } from '../core/engine/engine.js';
import type { Digest } from '../core/ports.js';

/** SHA-256 by Node. */
export function sha256(): Digest {
  const hash = createHash('sha256');
  return {
    update: (text) => void hash.update(text, 'utf8'),
    hex: () => hash.copy().digest('hex'),
  };
}

/** SHA-256 of the engine's canonical text: the same for everybody who folded the same inputs. */
export function stateHash(engine: Engine): string {
  const digest = sha256();
  for (const line of checkpointText(capture(engine))) digest.update(line);
  return digest.hex();
}
