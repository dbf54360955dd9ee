/** A thing that goes wrong once, or `times` times, with calls of one kind. */
export interface Fault {
  readonly on: 'append' | 'read' | 'subscription';
  readonly times?: number;
  readonly what:
    /** The answer comes this much later. */
    | { readonly kind: 'delay'; readonly ms: number }
    /** There is never an answer; what was asked for is done, or not. */
    | { readonly kind: 'silence'; readonly done: boolean }
    /** The call breaks off; what was asked for is done before, or not. */
    | { readonly kind: 'break'; readonly done: boolean }
    /** The call ends as if all were well, without an answer. */
    | { readonly kind: 'end' }
    /** The process ends; what was asked for is done before, or not. */
    | { readonly kind: 'die'; readonly done: boolean }
    | { readonly kind: 'refuse'; readonly as: Refusal }
    /** Every event of a subscription is sent twice. */
    | { readonly kind: 'twice' };
}

export type Refusal = 'not_ready' | 'busy' | 'not_leader' | 'too_slow';

/** Faults that are waiting for their call. */
export class Faults {
  #armed: { readonly fault: Fault; left: number }[] = [];
  /** The port of the node that leads, when it is another one: then every call is sent there. */
  leader: number | undefined;

  arm(fault: Fault): void {
    this.#armed.push({ fault, left: fault.times ?? 1 });
  }

  disarm(): void {
    this.#armed = [];
  }

  /** The fault that the next call of this kind meets, if any. */
  take(on: Fault['on']): Fault['what'] | undefined {
    if (this.leader !== undefined) return { kind: 'refuse', as: 'not_leader' };
    const armed = this.#armed.find(({ fault, left }) => fault.on === on && left > 0);
    if (armed === undefined) return undefined;
    armed.left -= 1;
    return armed.fault.what;
  }
}
