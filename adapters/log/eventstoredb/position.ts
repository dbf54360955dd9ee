import { LogFailure, type Position } from '../../../core/ports.js';
import type { NodePosition } from './node.js';

/** A position as text; the two numbers keep apart what a node keeps apart. */
export const positionText = ({ commit, prepare }: NodePosition): Position => `C${commit}P${prepare}`;

/** @throws {LogFailure} with code `foreign` for what is no position of such a store */
export function nodePosition(position: Position): NodePosition {
  const parts = /^C(\d{1,19})P(\d{1,19})$/.exec(position);
  if (parts === null)
    throw new LogFailure(
      'foreign',
      `${JSON.stringify(position.slice(0, 80))} is no position of this log; read it from the start`,
    );
  return { commit: BigInt(parts[1]!), prepare: BigInt(parts[2]!) };
}

export const isBehind = (one: NodePosition, other: NodePosition | undefined): boolean =>
  other === undefined || one.commit > other.commit || (one.commit === other.commit && one.prepare > other.prepare);
