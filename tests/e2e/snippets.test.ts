import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  EXAMPLE,
  makeSnippets,
  type SnippetId,
  type SnippetKey,
} from '../../dashboard/src/connect/sending/snippets.ts';
import { buildClient } from '../testing/build-client.ts';
import { eventually } from '../testing/eventually.ts';
import { startMemoryMillrace } from '../testing/memory-millrace.ts';
import { serveTexts } from '../testing/static-pages.ts';
import { findChromium, NO_CHROMIUM, openBrowser } from './chromium.ts';

const ADMIN = 'the-operator-s-own-long-random-key';
const run = promisify(execFile);
const has = (tool: string): boolean => spawnSync(tool, ['--version']).status === 0;

/** What each snippet needs, and how it is run as its reader would: in a folder of its own, with nothing but what it brings. */
const RUNS: Record<
  SnippetId,
  { needs: readonly string[]; run: (code: string, at: string) => Promise<string> }
> = {
  curl: { needs: ['bash', 'curl'], run: (code, at) => shell(code, at) },
  fetch: {
    needs: [],
    async run(code, at) {
      await writeFile(join(at, 'send.mjs'), code);
      return shell(`'${process.execPath}' send.mjs`, at);
    },
  },
  node: { needs: ['bash', 'curl'], run: (code, at) => shell(code, at) },
  browser: {
    needs: ['bash', 'curl'],
    async run(code, at) {
      await shell(code, at);
      return inPage(at);
    },
  },
  python: {
    needs: ['python3'],
    async run(code, at) {
      await writeFile(join(at, 'send.py'), code);
      return shell('python3 send.py', at);
    },
  },
};

/** The variable is there, as its reader has set it. */
let variable = '';
async function shell(code: string, cwd: string): Promise<string> {
  // `node` is the one that runs the tests.
  const path = `${join(process.execPath, '..')}:${process.env.PATH}`;
  const env = { PATH: path, HOME: cwd, MILLRACE_KEY: variable };
  const { stdout } = await run('bash', ['-ec', code], { cwd, env });
  return stdout;
}

/** Opens the two files at the origin of another site. */
async function inPage(at: string): Promise<string> {
  const texts = {
    '/page.html': await readFile(join(at, 'page.html'), 'utf8'),
    '/millrace.js': await readFile(join(at, 'millrace.js'), 'utf8'),
  };
  const [site, browser] = [await serveTexts(texts), await openBrowser()];
  try {
    const page = await browser.newPage();
    await page.goto(`${site.url}/page.html`);
    await page.getByText('It is on disk.').waitFor();
    return (await page.textContent('body')) ?? '';
  } finally {
    await browser.close();
    site.close();
  }
}

describe.each([
  ['none', {}],
  ['text', { MILLRACE_ADMIN_KEY: ADMIN }],
  ['variable', { MILLRACE_ADMIN_KEY: ADMIN }],
] as const)('the snippets of Connect, with a key that is %s', (kind, env) => {
  let folder: string;
  let millrace: Awaited<ReturnType<typeof startMemoryMillrace>>;
  let key: SnippetKey;
  const admin = { authorization: `Bearer ${ADMIN}` };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-snippets-'));
    await buildClient(folder);
    millrace = await startMemoryMillrace(env, { staticFolder: null, clientFile: join(folder, 'client.js') });
    const text = kind === 'none' ? '' : await makeKey();
    variable = text;
    key = kind === 'text' ? { kind, text } : { kind };
  });
  afterAll(async () => {
    await millrace?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function makeKey(): Promise<string> {
    const answer = await fetch(`${millrace.url}/v1/keys`, {
      method: 'POST',
      headers: { ...admin, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'snippets', scope: 'write' }),
    });
    return ((await answer.json()) as { key: string }).key;
  }
  const archived = async (): Promise<{ event: string; properties: object }[]> => {
    const answer = await fetch(`${millrace.url}/v1/events`, { headers: kind === 'none' ? {} : admin });
    return ((await answer.json()) as { events: { event: string; properties: object }[] }).events;
  };

  it.for(Object.entries(RUNS))(
    '%s sends an event, as it is pasted',
    async ([id, { needs, run }], { skip }) => {
      const isPage = id === 'browser';
      const lacks = needs.find((tool) => !has(tool));
      skip(lacks !== undefined, `needs ${lacks}`);
      skip(isPage && findChromium() === null, NO_CHROMIUM);
      skip(isPage && kind === 'variable', 'in a page there are no variables: its reader puts the key in');
      const at = await mkdtemp(join(folder, 'run-'));
      const before = (await archived()).length;
      const { code } = makeSnippets({ origin: millrace.url, key }).find((one) => one.id === id)!;
      expect(await run(code, at)).toMatch(/"accepted":\s?1|It is on disk\./);
      const [newest, ...rest] = await eventually(archived, (events) => events.length > before);
      expect(rest).toHaveLength(before);
      expect(newest).toMatchObject(EXAMPLE);
    },
  );
});
