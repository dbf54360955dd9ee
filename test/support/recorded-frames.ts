import { CaptureCursor } from '../../adapters/recordings/capture/capture-cursor.js';
import { StampedCursor } from '../../adapters/recordings/collector/stamped-cursor.js';
import { fileHead } from '../../adapters/recordings/lines/file-head.js';
import type { Frame } from '../../adapters/venues/venue.js';

/** Every message and reply of recordings that are one line to a venue, by receive time. */
export async function recordedFrames(paths: readonly string[]): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (const path of paths) {
    const [first = ''] = (await fileHead(path)).lines;
    frames.push(...(/^\d{16,19} /.test(first) ? await collected(path) : await captured(path)));
  }
  return frames
    .map((frame, index) => ({ frame, index }))
    .sort((a, b) => a.frame.at - b.frame.at || a.index - b.index)
    .map(({ frame }) => frame);
}

async function collected(path: string): Promise<Frame[]> {
  const frames: Frame[] = [];
  const cursor = new StampedCursor(path);
  do
    while (cursor.next()) {
      const text = cursor.text();
      frames.push({ at: cursor.at, kind: text.startsWith('{"lastUpdateId"') ? 'reply' : 'message', text });
    }
  while (await cursor.fill());
  return frames;
}

async function captured(path: string): Promise<Frame[]> {
  const frames: Frame[] = [];
  const cursor = new CaptureCursor(path);
  do while (cursor.next()) if (cursor.kind === 'message' || cursor.kind === 'reply') frames.push(cursor.frame());
  while (await cursor.fill());
  return frames;
}
