import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

/** What a browser made of a page. */
export interface Seen {
  /** The document as it stands once its scripts have run. */
  readonly dom: string;
  /** What its console and its log say, exceptions among it. */
  readonly complaints: readonly string[];
  /** Addresses that it asked for, but for the page itself. */
  readonly requests: readonly string[];
}

/** A Chromium of this machine, if there is one. */
export const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

/**
 * Opens a file in a browser without a window and without a network, and ends it.
 *
 * @param act  a script that does there what a reader would do
 */
export async function lookAt(program: string, page: string, scheme: 'light' | 'dark', act = ''): Promise<Seen> {
  const profile = mkdtempSync(join(tmpdir(), 'reprise-browser-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', `--user-data-dir=${profile}`];
  const wire = ['--remote-debugging-pipe', '--host-resolver-rules=MAP * ~NOTFOUND'];
  const child = spawn(program, [...flags, ...wire], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  try {
    const [, , , orders, answers] = child.stdio as unknown as [null, null, null, Writable, Readable];
    const talk = new Conversation(orders, answers);
    const seen = await seenBy(talk, pathToFileURL(page).href, scheme, act);
    await talk.ask('Browser.close', {});
    await ended;
    return seen;
  } finally {
    child.kill();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function seenBy(talk: Conversation, address: string, scheme: string, act: string): Promise<Seen> {
  const { targetId } = await talk.ask('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await talk.ask('Target.attachToTarget', { targetId, flatten: true });
  const ask = (method: string, params = {}) => talk.ask(method, params, sessionId as string);
  for (const domain of ['Page', 'Network', 'Runtime', 'Log']) await ask(`${domain}.enable`);
  await ask('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  const loaded = talk.heard('Page.loadEventFired');
  await ask('Page.navigate', { url: address });
  await loaded;
  const expression = `(async () => { ${act}; return document.documentElement.outerHTML; })()`;
  const { result, exceptionDetails } = await ask('Runtime.evaluate', { expression, awaitPromise: true });
  if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
  const complaints = ['Runtime.exceptionThrown', 'Runtime.consoleAPICalled', 'Log.entryAdded'];
  return {
    dom: (result as { value: string }).value,
    complaints: talk.news
      .filter(({ method }) => complaints.includes(method!))
      .map((news) => JSON.stringify(news.params)),
    requests: talk.news
      .filter(({ method }) => method === 'Network.requestWillBeSent')
      .map(({ params }) => (params as { request: { url: string } }).request.url)
      .filter((url) => url !== address && !url.startsWith('data:')),
  };
}

type Fields = Record<string, unknown>;
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Fields;
  readonly result?: Fields;
  readonly error?: Fields;
}

/** The debugging protocol over two pipes: JSON, with a zero byte after each message. */
class Conversation {
  readonly news: Message[] = [];
  readonly #waiting = new Set<(message: Message) => void>();
  #asked = 0;
  #rest = '';

  constructor(
    readonly orders: Writable,
    answers: Readable,
  ) {
    answers.setEncoding('utf8').on('data', (text: string) => {
      const texts = (this.#rest + text).split('\0');
      this.#rest = texts.pop()!;
      for (const message of texts.map((each) => JSON.parse(each) as Message)) {
        if (message.method !== undefined) this.news.push(message);
        for (const hear of this.#waiting) hear(message);
      }
    });
  }

  async ask(method: string, params: Fields, sessionId?: string): Promise<Fields> {
    const id = ++this.#asked;
    const answer = this.#first((message) => message.id === id);
    this.orders.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result, error } = await answer;
    if (result === undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }

  heard(method: string): Promise<Message> {
    return this.#first((message) => message.method === method);
  }

  #first(isIt: (message: Message) => boolean): Promise<Message> {
    return new Promise((resolve) => {
      const hear = (message: Message): void => {
        if (!isIt(message)) return;
        this.#waiting.delete(hear);
        resolve(message);
      };
      this.#waiting.add(hear);
    });
  }
}
