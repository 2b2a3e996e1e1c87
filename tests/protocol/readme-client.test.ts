import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { buildEmbedded, type Embedded } from '#embedded/app.ts';
import { createMemoryLog } from '#platform/log/local/memory-log.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';
import { buildClient } from '../testing/build-client.ts';
import { eventually } from '../testing/eventually.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const SECTION = /^## Subscribe from code\n([\s\S]*?)^## /m.exec(README)![1]!;
const METRIC = README.match(/checkout_latency .*<<'YAML'\n([\s\S]*?)^YAML$/m)![1]!;

let stack: Embedded;
let folder: string;
let program: ChildProcess | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-readme-'));
  await buildClient(folder);
  const logger = createLogger('silent', 'readme');
  const adapters = { log: createMemoryLog(), store: createMemoryStore({ aggregateOf }), logger };
  const built = { staticFolder: null, clientFile: join(folder, 'client.js') };
  stack = await buildEmbedded(readSettings({ MILLRACE_PORT: '0' }), { ...adapters, built });
});
afterEach(async () => {
  const running = program;
  program = null;
  if (running !== null && running.exitCode === null) {
    process.kill(-running.pid!, 'SIGKILL');
    await once(running, 'exit');
  }
  await stack.close();
  await rm(folder, { recursive: true, force: true });
});

const hasTools = ['bash', 'curl'].every((tool) => spawnSync(tool, ['--version']).status === 0);
it.skipIf(!hasTools)('README.md subscribes in Node as it says (skipped without bash and curl)', async () => {
  const url = stack.url.replace(/\/$/, '');
  const headers = { 'content-type': 'application/yaml' };
  await fetch(`${url}/v1/metrics/checkout_latency`, { method: 'PUT', headers, body: METRIC });
  const properties = { country: 'DE', latency_ms: 12.5 };
  const body = JSON.stringify({ event: 'checkout', properties });
  expect(await (await fetch(`${url}/v1/events`, { method: 'POST', body })).json()).toMatchObject({
    accepted: 1,
  });

  const shell = /^```sh\n([\s\S]*?)^```$/m.exec(SECTION)?.[1] ?? '';
  const text = shell.replaceAll('http://localhost:8080', url).replaceAll('localhost:8080', url);
  expect(text).toContain('createClient');
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
  program = spawn('bash', ['-c', text], { cwd: folder, env, detached: true });
  let shown = '';
  for (const stream of [program.stdout!, program.stderr!]) {
    stream.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
  }
  await eventually(
    async () => shown,
    (all) => /\[ 'DE' \] \S+Z \[ 12.\d+, 12.\d+, 12.\d+ \]/.test(all),
  );
});

it('README.md imports nothing over http, which neither Node nor a page of another origin can', () => {
  expect(SECTION).not.toMatch(/from 'https?:/);
});
