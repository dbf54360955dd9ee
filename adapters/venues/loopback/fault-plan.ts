import { type Fault, isMessageFault, type MessageFaultKind } from './faults.js';

/** Which fault comes at which book message: those that were named, and those of a script. */
export class FaultPlan {
  /** By message; one whose message has passed comes with the next. */
  readonly #named: (Fault & { readonly at: number })[] = [];
  readonly #script: Iterator<Fault & { readonly at: number }>;
  #next: (Fault & { readonly at: number }) | undefined;
  /** Faults of messages that are due, in their order. */
  readonly #due: { readonly kind: MessageFaultKind; left: number }[] = [];

  /** @param script  in the order of messages, made as it is read */
  constructor(script: Iterable<Fault & { readonly at: number }> = []) {
    this.#script = script[Symbol.iterator]();
    this.#step();
  }

  add(fault: Fault & { readonly at: number }): void {
    const later = this.#named.findIndex(({ at }) => at > fault.at);
    this.#named.splice(later < 0 ? this.#named.length : later, 0, fault);
  }

  /** Moves to the n-th book message. @returns the faults of the venue that come with it */
  reach(message: number): Fault[] {
    const ofVenue: Fault[] = [];
    const come = (fault: Fault): void => {
      if (isMessageFault(fault.kind)) this.#due.push({ kind: fault.kind, left: fault.count ?? 1 });
      else ofVenue.push(fault);
    };
    while (this.#named[0] !== undefined && this.#named[0].at <= message) come(this.#named.shift()!);
    while (this.#next !== undefined && this.#next.at <= message) {
      come(this.#next);
      this.#step();
    }
    return ofVenue;
  }

  /** The first fault that is due and that the present message can have. */
  take(isPossible: (kind: MessageFaultKind) => boolean): MessageFaultKind | undefined {
    const index = this.#due.findIndex(({ kind }) => isPossible(kind));
    const found = this.#due[index];
    if (found !== undefined && --found.left === 0) this.#due.splice(index, 1);
    return found?.kind;
  }

  #step(): void {
    const next = this.#script.next();
    this.#next = next.done === true ? undefined : next.value;
  }
}
