/** A sweep or a backtest that is asked for and cannot be: the message says what, where and how to mend it. */
export class SweepRefused extends Error {
  override readonly name = 'SweepRefused';
}

/** Stopped before it was done; what was finished is kept where there is a folder for it. */
export class SweepInterrupted extends Error {
  override readonly name = 'SweepInterrupted';
}
