/** A request that we will not serve: a value, not an exception. Codes are stable words; sentences may improve. */
export interface Refusal {
  readonly code: string;
  /** The field, as a JSON pointer into the command (`/quantity`), or the command's name. */
  readonly where: string;
  readonly what: string;
  readonly mend: string;
}

/** Our own fault: a rule that must hold did not. It halts the desk in which it happened. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}

export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantViolation(message);
}

/** Closes an exhaustive `switch`: a forgotten case does not compile. */
export function unreachable(value: never): never {
  throw new InvariantViolation(`unreachable: ${JSON.stringify(value)}`);
}
