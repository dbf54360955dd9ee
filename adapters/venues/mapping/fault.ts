/**
 * A message that cannot be what its venue sends. A recording is refused with it, by file and line; a live feed takes the
 * trust of every book that the message could have been about.
 */
export class MessageFault extends Error {
  override readonly name = 'MessageFault';
  constructor(
    readonly code:
      /** No `<receive time> <JSON>`. */
      | 'bad_line'
      /** A field is missing, or has the wrong type or an impossible value. */
      | 'bad_message'
      /** A number is beyond what can be counted exactly. */
      | 'out_of_range'
      /** A REST snapshot without a symbol in a recording of several instruments. */
      | 'ambiguous_snapshot',
    what: string,
    readonly mend = 'take the recording from its origin again, or cut this line out',
  ) {
    super(what);
  }
}
