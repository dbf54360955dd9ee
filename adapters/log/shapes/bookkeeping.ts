import { instrument, level } from './parts.js';
import { choice, count, digest, fields, instant, integer, listOf, maybe, text, word } from './schema.js';
import type { Shape } from './shape.js';

/** What the engine notes for itself and for readers: it follows from the inputs and is never folded. */
export const BOOKKEEPING: Readonly<Record<'BookIndexed' | 'RunStopped' | 'CheckpointPart' | 'CheckpointTaken', Shape>> =
  {
    BookIndexed: {
      version: 1,
      meaning: 'The book as it is where a stream of an hour begins, trusted or not, for readers that begin there.',
      stream: 'market-<symbol>@<venue>-<yyyymmddhh>',
      data: fields({
        instrument,
        seq: count('The last input that is in it.'),
        trust: choice(['trusted', 'partial', 'untrusted'], 'What it is worth.'),
        reason: word([], 'Why it is not trusted; empty where it is.'),
        part: count('Which of its events this is, from 0: bids go on through them, then asks.'),
        parts: count('How many events it is in. Where they are not all there, leave them out.', 1),
        venueSeq: maybe(integer("The venue's sequence number of it.")),
        venueAt: maybe(instant("The venue's own time of it.")),
        bookAt: maybe(instant('When the last message that is in it was received; absent before the first.')),
        bids: listOf(level, 'Buying levels, the best first.'),
        asks: listOf(level, 'Selling levels, the best first.'),
      }),
    },
    RunStopped: {
      version: 1,
      meaning: 'An engine ended in order: nothing that it wrote is still under way.',
      stream: 'runs',
      data: fields({ seq: count('The last input.'), n: count('The last outcome.') }),
    },
    CheckpointPart: {
      version: 1,
      meaning:
        "A piece of the engine's state. Put together in their order, pieces are lines of JSON; no other program need read them.",
      stream: 'checkpoints-<yyyymmdd>',
      data: fields({
        checkpoint: count('The last input that is in it.'),
        part: count('Which piece, from 0.'),
        text: text('The piece.'),
      }),
    },
    CheckpointTaken: {
      version: 1,
      meaning: 'The pieces before it are whole.',
      stream: 'checkpoints-<yyyymmdd>',
      data: fields({
        seq: count('The last input that is in it.'),
        n: count('The last outcome that is in it.'),
        parts: count('How many pieces.', 1),
        stateHash: digest('Of the state.'),
        inputsDigest: digest('Chained over all inputs so far.'),
        after: text('A reading cursor of the store that it was written to.'),
      }),
    },
  };
