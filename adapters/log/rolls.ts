import type { StreamInfo } from '../../core/ports.js';

const ROLLED = /-\d{8}(\d{2})?$/;

/** Whether a stream's name ends with a day or an hour, so that it has an end and may be dropped whole. */
export const isRolled = (stream: string): boolean => ROLLED.test(stream);

/** Those streams of a listing that roll. */
export async function* rollsOf(streams: AsyncIterable<StreamInfo>): AsyncGenerator<StreamInfo> {
  for await (const info of streams) if (isRolled(info.stream)) yield info;
}
