import { cpus, totalmem } from 'node:os';
import { loadavg } from 'node:os';

/** What a figure was measured on. */
export function machineText(): string {
  const models = [...new Set(cpus().map(({ model }) => model))].join(', ');
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${models}, ${cpus().length} cores, ${memory} GiB; Node ${process.version}, ${process.platform} ${process.arch}; load ${loadavg()[0]!.toFixed(1)}`;
}
