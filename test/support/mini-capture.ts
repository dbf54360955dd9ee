import { START } from './mini-recording.js';

/** Lines of an HTTP and WebSocket capture: milliseconds after `START`, written in seconds. */
export const capture = {
  opened: (afterMs: number, url: string): string => `${url} <-> ${seconds(afterMs)}\n`,
  sent: (afterMs: number, url: string, message: object): string =>
    `${url} <- ${seconds(afterMs)}: ${JSON.stringify(message)}\n`,
  message: (afterMs: number, message: object): string => `${seconds(afterMs)}: ${JSON.stringify(message)}\n`,
  reply: (afterMs: number, url: string, body: object): string =>
    `${url} -> ${seconds(afterMs)}: ${JSON.stringify(body)}\n`,
};

function seconds(afterMs: number): string {
  const micros = START + afterMs * 1_000;
  return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
}
