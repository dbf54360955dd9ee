import { LogFailure, type EventLog, type LogEvent, type Position } from '../core/ports.js';
import { newestCheckpoint } from './nearest-checkpoint.js';

/** Places that are remembered; of more, every second one is. */
const MOST = 1_000;

interface Landmark {
  readonly position: Position;
  /** The highest seq and n up to here. */
  readonly seq: number;
  readonly n: number;
}

/** Places in a store that a log is being written to, each with what stands before it: from where a reader must begin. */
export class Landmarks {
  #seq = 0;
  #n = 0;
  #marks: Landmark[] = [];

  /** Of a log as it is; it is read from its last checkpoint on. */
  static async of(log: EventLog, name: string): Promise<Landmarks> {
    const marks = new Landmarks();
    const end = await log.lastPosition();
    const found = end === undefined ? undefined : await newestCheckpoint(log, name);
    if (found === undefined) {
      // a store may hold other logs: what is written now stands behind them
      if (end !== undefined && !(await marks.#read(log, name, undefined))) marks.stand(end);
      return marks;
    }
    marks.#seq = found.seq;
    marks.#n = found.n;
    if (found.after !== '') marks.stand(found.after);
    try {
      await marks.#read(log, name, found.after);
      return marks;
    } catch (error) {
      if (!(error instanceof LogFailure) || error.code !== 'foreign') throw error;
      const anew = new Landmarks();
      await anew.#read(log, name, undefined);
      return anew;
    }
  }

  /** An event stands before every place from now on. */
  pass({ seq = 0, n = 0 }: LogEvent): void {
    if (seq > this.#seq) this.#seq = seq;
    if (n > this.#n) this.#n = n;
  }

  /** Everything that was passed stands up to here, and nothing that is still to come. */
  stand(position: Position | undefined): void {
    if (position === undefined) return;
    this.#marks.push({ position, seq: this.#seq, n: this.#n });
    if (this.#marks.length > MOST) this.#marks = this.#marks.filter((_, i) => i % 2 === 0);
  }

  /** The last known place behind which all inputs after `seq` and all outcomes after `n` stand; '' for the log's beginning. */
  before(seq: number, n: number): Position {
    for (let i = this.#marks.length - 1; i >= 0; i--) {
      const mark = this.#marks[i]!;
      if (mark.seq <= seq && mark.n <= n) return mark.position;
    }
    return '';
  }

  /** @returns whether anything stands there */
  async #read(log: EventLog, name: string, after: Position | undefined): Promise<boolean> {
    let some = false;
    for await (const page of log.readAll({ ...(after === undefined ? {} : { after }), prefixes: [name] })) {
      some = true;
      for (const { event } of page) this.pass(event);
      this.stand(page.at(-1)?.position);
    }
    return some;
  }
}
