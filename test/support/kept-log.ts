import { MICROS } from '../../core/time.js';
import type { EventLog, StoredEvent } from '../../core/ports.js';
import { LiveStage } from './live-stage.js';
import { snapshot, T0 } from './market.js';

const at = (minutes: number): number => T0 + minutes * MICROS.m;

/** A stage on which a server ran for so many minutes, in two runs, with orders and a checkpoint every five. */
export async function keptStage(minutes = 13): Promise<LiveStage> {
  const stage = await new LiveStage({ latency: 0 }).start();
  stage.feed.say(snapshot(at(0) + 1, [['100', '50']], [['101', '50']]));
  await stage.settled();
  await stage.submit('o1', { quantity: '12', duration: '4m', slices: 12 });
  await stage.pass(at(5.5));
  await stage.run.stop();
  await stage.start(at(6));
  stage.feed.say(snapshot(at(6), [['100', '50']], [['101', '50']]));
  await stage.pass(at(11.2));
  await stage.submit('o2', { quantity: '3', duration: '1m', slices: 3 });
  await stage.pass(at(minutes));
  await stage.run.stop();
  return stage;
}

/** The same log, handed out in pages of a few events. */
export function inSmallPages(log: EventLog, most: () => number): EventLog {
  return {
    ...log,
    async *readAll(options) {
      for await (const page of log.readAll(options))
        for (let i = 0; i < page.length;) {
          const next = i + most();
          yield page.slice(i, next);
          i = next;
        }
    },
  };
}

/** The same log as something else would have left it. */
export function altered(
  log: EventLog,
  change: (stored: StoredEvent) => StoredEvent | readonly StoredEvent[],
): EventLog {
  const changed = (page: readonly StoredEvent[]): StoredEvent[] => page.flatMap(change);
  return {
    ...log,
    async *readAll(options) {
      for await (const page of log.readAll(options)) yield changed(page);
    },
    async *readStream(stream, options) {
      for await (const page of log.readStream(stream, options)) yield changed(page);
    },
  };
}
