import {
  status,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import {
  brokenOff,
  conflictAnswer,
  deletedFailure,
  expectedOf,
  nameOf,
  positionAnswer,
  proposalOf,
  refusal,
  successAnswer,
  tooLargeFailure,
  uuidText,
} from './answers.js';
import { bare, conflict, deleted, tooLarge } from './details.js';
import type { Faults } from './faults.js';
import type { Answer, AppendOptions, AppendReq, BatchAppendReq, DeleteReq, Proposed } from './messages.js';
import type { MemoryStore } from './store.js';

/** The calls that write. */
export class Appending {
  constructor(
    private readonly store: MemoryStore,
    private readonly faults: Faults,
    private readonly port: () => number,
  ) {}

  /** One long call for many appends: the parts of each are gathered by its id, and it is answered once. */
  readonly batch = (call: ServerDuplexStream<BatchAppendReq, Answer>): void => {
    const begun = new Map<string, { readonly options: AppendOptions; readonly proposed: Proposed[] }>();
    call.on('data', (part: BatchAppendReq) => {
      const key = uuidText(part.correlation_id);
      if (part.options !== undefined) begun.set(key, { options: part.options, proposed: [] });
      const whole = begun.get(key);
      if (whole === undefined) return;
      whole.proposed.push(...part.proposed);
      if (part.is_final !== true) return;
      begun.delete(key);
      this.#answer(call, part.correlation_id, whole.options, whole.proposed);
    });
    call.on('end', () => call.end());
    call.on('error', () => undefined); // the client went away; nobody is left to tell
  };

  #answer(
    call: ServerDuplexStream<BatchAppendReq, Answer>,
    id: BatchAppendReq['correlation_id'],
    options: AppendOptions,
    proposed: readonly Proposed[],
  ): void {
    const fault = this.faults.take('append');
    const about = { correlation_id: id, stream_identifier: options.identifier };
    const carryOut = (): Answer => ({ ...about, ...this.#batchResult(options, proposed) });
    switch (fault?.kind) {
      case undefined:
      case 'twice':
        call.write(carryOut());
        return;
      case 'delay': {
        const answer = carryOut();
        setTimeout(() => call.write(answer), fault.ms);
        return;
      }
      case 'silence':
        if (fault.done) carryOut();
        return;
      case 'break':
        if (fault.done) carryOut();
        call.emit('error', brokenOff());
        return;
      case 'end':
        call.end();
        return;
      case 'die':
        if (fault.done) carryOut();
        process.exit(1);
        return;
      case 'refuse':
        if (fault.as === 'not_leader') call.emit('error', refusal(fault.as, this.faults.leader ?? this.port()));
        else call.write({ ...about, error: bare(status.UNAVAILABLE, refusal(fault.as, 0).details) });
    }
  }

  #batchResult(options: AppendOptions, proposed: readonly Proposed[]): Answer {
    const expected = expectedOf(options);
    const outcome = this.store.append(nameOf(options.identifier), expected, proposed.map(proposalOf));
    switch (outcome.kind) {
      case 'stored':
        return { success: successAnswer(outcome.current, outcome.position) };
      case 'conflict':
        return { error: conflict(expected, outcome.current) };
      case 'deleted':
        return { error: deleted(options.identifier) };
      case 'too_large':
        return { error: tooLarge(this.store.largestAppend) };
    }
  }

  /** A call for one append: where it goes first, then its events. */
  readonly single = (call: ServerReadableStream<AppendReq, Answer>, callback: sendUnaryData<Answer>): void => {
    let options: AppendOptions | undefined;
    const proposed: Proposed[] = [];
    call.on('data', (part: AppendReq) => {
      options = part.options ?? options;
      if (part.proposed !== undefined) proposed.push(part.proposed);
    });
    call.on('error', () => undefined);
    call.on('end', () => {
      if (options === undefined) return;
      const stream = nameOf(options.identifier);
      if (this.faults.leader !== undefined) {
        callback(refusal('not_leader', this.faults.leader));
        return;
      }
      const expected = expectedOf(options);
      const outcome = this.store.append(stream, expected, proposed.map(proposalOf));
      switch (outcome.kind) {
        case 'stored':
          callback(null, { success: successAnswer(outcome.current, outcome.position) });
          return;
        case 'conflict':
          callback(null, { wrong_expected_version: conflictAnswer(expected, outcome.current) });
          return;
        case 'deleted':
          callback(deletedFailure(stream));
          return;
        case 'too_large':
          callback(tooLargeFailure(this.store.largestAppend));
      }
    });
  };

  readonly delete = ({ request }: ServerUnaryCall<DeleteReq, Answer>, callback: sendUnaryData<Answer>): void => {
    const stream = nameOf(request.options.identifier);
    if (this.store.visible(stream) === 'buried') {
      callback(deletedFailure(stream));
      return;
    }
    this.store.delete(stream);
    callback(null, { position: positionAnswer(this.store.all.at(-1)?.position ?? 0) });
  };

  readonly tombstone = ({ request }: ServerUnaryCall<DeleteReq, Answer>, callback: sendUnaryData<Answer>): void => {
    this.store.bury(nameOf(request.options.identifier));
    callback(null, { position: positionAnswer(this.store.all.at(-1)?.position ?? 0) });
  };
}
