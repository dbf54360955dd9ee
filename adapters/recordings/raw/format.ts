import { RecordingError } from '../errors.js';
import type { ImportContext, RecordingFormat, Told, ToldFile } from '../format.js';
import type { FileHead } from '../lines/file-head.js';
import type { ImportSource } from '../source.js';
import { DefinedSink } from './defined-sink.js';
import { RAW_FORMAT, RAW_FORMAT_VERSION, type RawBegin } from './line.js';
import { RawSource } from './source.js';

const BEGIN = /^\d{19} 0 begin (\{.*)$/;

/** Raw frames, as `reprise record` keeps them beside a session. */
export const RAW: RecordingFormat = {
  name: 'raw',
  title: 'raw frames of a session of `reprise record`: time in nanoseconds, connection, word, content',
  recognise: (head) => Promise.resolve(told(head)),
  open: (files, context) => Promise.resolve(open(files, context)),
};

/** @throws {RecordingError} for a version that this build does not know */
function told({ path, lines: [first = ''] }: FileHead): Told | undefined {
  const json = BEGIN.exec(first)?.[1];
  if (json === undefined) return undefined;
  let begin: Partial<Record<keyof RawBegin, unknown>>;
  try {
    begin = JSON.parse(json) as typeof begin;
  } catch {
    return undefined;
  }
  const { format, formatVersion, venue, feed } = begin;
  if (format !== RAW_FORMAT || typeof venue !== 'string') return undefined;
  if (formatVersion !== RAW_FORMAT_VERSION)
    throw new RecordingError(
      'unknown_version',
      path,
      `has raw format version ${JSON.stringify(formatVersion)}, and this build reads version ${RAW_FORMAT_VERSION}`,
      'use the build that wrote it, or a newer one',
    );
  return { venue, group: `${venue}-${String(feed)}` };
}

/** Files of one feed go on from each other, in the order in which they are given. */
function open(files: readonly ToldFile[], context: ImportContext): ImportSource[] {
  const groups = new Map<string, { readonly venue: string; readonly paths: string[] }>();
  for (const { path, group, venue } of files) {
    const known = groups.get(group);
    if (known === undefined) groups.set(group, { venue: venue!, paths: [path] });
    else known.paths.push(path);
  }
  return [...groups.values()].map(({ venue, paths }) => {
    const sink = new DefinedSink(context.sink, (definition, at) => context.define(definition, at));
    return new RawSource(context.venueOf(venue), sink, paths);
  });
}
