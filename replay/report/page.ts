import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ReportData } from './data.js';

/** The parts of the page, seen from `dist/replay/report`. */
const PARTS = new URL('../../../replay/report/page/', import.meta.url);
const SCRIPTS = [
  'say.js',
  'charts.js',
  'cards.js',
  'landscape.js',
  'risk.js',
  'runs.js',
  'sets.js',
  'page.js',
] as const;

/** The page as one text: styles, scripts, the plotting library and the data are all in it, and it asks for nothing else. */
export async function pageOf(data: ReportData): Promise<string> {
  const part = (name: string) => readFile(new URL(name, PARTS), 'utf8');
  const library = await readFile(fileURLToPath(import.meta.resolve('echarts/dist/echarts.min.js')), 'utf8');
  const own = `(() => {\n'use strict';\n${(await Promise.all(SCRIPTS.map(part))).join('\n')}\n})();`;
  const scripts = [library, own];
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const pieces: Readonly<Record<string, string>> = {
    policy,
    style: await part('page.css'),
    data: inScript(data),
    scripts: scripts.map((text) => `<script>${text}</script>`).join('\n'),
  };
  return (await part('page.html')).replace(/\{\{(\w+)\}\}/g, (_, name: string) => pieces[name]!);
}

/** JSON that no content of it can end: `<` never stands in it as such. */
export function inScript(data: unknown): string {
  return JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}
