import { Session, type Profiler } from 'node:inspector';

/** Own time by function, greatest first. */
export type Profile = readonly OwnTime[];

export interface OwnTime {
  readonly name: string;
  /** Folder and file, empty for what is not ours. */
  readonly file: string;
  /** 0 to 1, of the time that the process did not wait. */
  readonly share: number;
}

/** Runs something under the profiler. */
export async function profiled(work: () => Promise<unknown>): Promise<Profile> {
  const session = new Session();
  session.connect();
  const post = (method: string, params?: object): Promise<unknown> =>
    new Promise((resolve, reject) =>
      session.post(method, params, (error, result) => (error === null ? resolve(result) : reject(error))),
    );
  await post('Profiler.enable');
  await post('Profiler.setSamplingInterval', { interval: 200 });
  await post('Profiler.start');
  await work();
  const { profile } = (await post('Profiler.stop')) as Profiler.StopReturnType;
  session.disconnect();
  return ownTimes(profile);
}

function ownTimes({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Profile {
  const byId = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const micros = new Map<string, { name: string; file: string; span: number }>();
  let total = 0;
  samples.forEach((id, i) => {
    const { functionName, url } = byId.get(id)!;
    if (functionName === '(idle)') return;
    const name = functionName === '' ? '(anonymous)' : functionName;
    const file = url.split('/').slice(-2).join('/');
    const own = micros.get(`${name} ${file}`) ?? { name, file, span: 0 };
    own.span += timeDeltas[i]!;
    total += timeDeltas[i]!;
    micros.set(`${name} ${file}`, own);
  });
  return [...micros.values()]
    .sort((a, b) => b.span - a.span)
    .map(({ name, file, span }) => ({ name, file, share: span / total }));
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The functions that take the most. */
export function profileText(profile: Profile, most = 20): string {
  return profile
    .slice(0, most)
    .map(({ name, file, share }) => `${percent(share).padStart(8)}  ${name}  ${file}`)
    .join('\n');
}

const PARTS: readonly (readonly [part: string, files: RegExp])[] = [
  ['book', /^market\/(fast-book|ladder|occupancy|far-levels|plain-book)/],
  ['loop over rows', /^bench\/bare-loop|^market\/columns/],
  ['decoding', /^session\/|^(metadata|fb|ipc|js)\/|flatbuffers|apache-arrow/],
];

/** The same as shares of what the time goes into. */
export function shareText(profile: Profile): string {
  const shares = new Map<string, number>();
  for (const { name, file, share } of profile) {
    const part =
      PARTS.find(([, files]) => files.test(file))?.[0] ??
      (name === '(garbage collector)' ? 'memory' : /fs|promises|^$/.test(file) ? 'reading' : 'rest');
    shares.set(part, (shares.get(part) ?? 0) + share);
  }
  return [...shares]
    .sort(([, a], [, b]) => b - a)
    .map(([part, share]) => `${part} ${percent(share)}`)
    .join(', ');
}
