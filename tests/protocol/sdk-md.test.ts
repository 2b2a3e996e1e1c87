import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Embedded } from '#embedded/app.ts';
import { buildClient, writeClientTypes } from '../testing/build-client.ts';
import { startOwnStack } from './own-stack.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..');
const TEXT = await readFile(join(ROOT, 'docs', 'SDK.md'), 'utf8');

/** Each program of the text, and what it prints: the block of text after it, or nothing. */
const examples = [...TEXT.matchAll(/^```ts\n([\s\S]*?)^```\n(?:```text\n([\s\S]*?)^```$)?/gm)].map(
  ([, code, output], i) => ({ name: `example-${i + 1}.ts`, code: code!, output: output ?? '' }),
);

/** The address, in the text, of the Millrace that needs a key. */
const KEYED = 'https://stats.example.com';
const KEY = 'a-long-random-key-of-the-operator';

describe('SDK.md', () => {
  let stack: Embedded;
  let keyed: Embedded;
  let folder: string;

  beforeAll(async () => {
    stack = await startOwnStack();
    keyed = await startOwnStack({ MILLRACE_ADMIN_KEY: KEY });
    await define(keyed.url);
    folder = await mkdtemp(join(tmpdir(), 'millrace-sdk-'));
    for (const module of ['client', 'query'] as const) {
      await buildClient(folder, module);
      await writeClientTypes(folder, module);
    }
    const bare = ({ url }: Embedded): string => url.replace(/\/$/, '');
    const local = (code: string): string =>
      code.replaceAll('http://localhost:8080', bare(stack)).replaceAll(KEYED, bare(keyed));
    const files = {
      'package.json': '{ "type": "module" }',
      'tsconfig.json': JSON.stringify({
        extends: `${ROOT}/tsconfig.json`,
        compilerOptions: { types: ['node'], typeRoots: [`${ROOT}/node_modules/@types`] },
        include: ['*.ts'],
      }),
      ...Object.fromEntries(examples.map(({ name, code }) => [name, local(code)])),
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  });
  afterAll(async () => {
    await stack?.close();
    await keyed?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('has examples that compile', async () => {
    expect(examples.length).toBeGreaterThan(4);
    const tsc = run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder]);
    const faults = await tsc.then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );
    expect(faults).toBe('');
  });

  it('gives the size of the modules, which are to stay small', async () => {
    for (const module of ['client', 'query']) {
      const told = Number(new RegExp(`\`${module}.js\`[^.]*?(\\d+) KB gzipped`).exec(TEXT)![1]);
      expect(gzipSync(await readFile(join(folder, `${module}.js`))).length).toBeLessThan(told * 1_000);
    }
  });

  it.each(examples)('says what $name prints', async ({ name, output }) => {
    const { stdout, stderr } = await run(process.execPath, [name], {
      cwd: folder,
      timeout: 30_000,
      env: { ...process.env, MILLRACE_KEY: KEY },
    });
    expect({ stdout, stderr }).toEqual({ stdout: output, stderr: '' });
  });
});

async function define(url: string): Promise<void> {
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ event: 'order', aggregate: 'count' });
  const answer = await fetch(`${url}/v1/metrics/orders`, { method: 'PUT', headers, body });
  expect(answer.ok, await answer.text()).toBe(true);
}
