import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { buildEmbedded, type Embedded } from '#embedded/app.ts';
import { createMemoryLog } from '#platform/log/local/memory-log.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const SECTION = /^## Keys\n([\s\S]*?)^## /m.exec(README)![1]!;
const [START, USE] = [...SECTION.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);
const run = promisify(execFile);
const bash = async (text: string): Promise<string> =>
  (await run('bash', ['-c', `set -eo pipefail\n${text.replaceAll('curl ', 'curl -sS ')}`])).stdout;

const hasTools = ['bash', 'curl', 'openssl', 'sed'].every(
  (tool) => spawnSync(tool, [tool === 'openssl' ? 'version' : '--version']).status === 0,
);
let admin: string;
let stack: Embedded;
beforeEach(async ({ skip }) => {
  skip(!hasTools, 'needs bash, curl, openssl and sed');
  admin = await bash(START!.replace('npm start', 'printf %s "$MILLRACE_ADMIN_KEY"'));
  const logger = createLogger('silent', 'readme');
  const adapters = { log: createMemoryLog(), store: createMemoryStore({ aggregateOf }), logger };
  const settings = readSettings({ MILLRACE_PORT: '0', MILLRACE_ADMIN_KEY: admin });
  stack = await buildEmbedded(settings, { ...adapters, built: { staticFolder: null, clientFile: null } });
});
afterEach(() => stack?.close());

it('README.md makes a key and sends an event with it, and without one there is no way in', async () => {
  const host = stack.url.replace(/^http:\/\/|\/$/g, '');
  const use = USE!.replaceAll('localhost:8080', host);
  expect(JSON.parse(await bash(`MILLRACE_ADMIN_KEY=${admin}\n${use}`))).toMatchObject({ accepted: 1 });
  const refused = JSON.parse(await bash(`curl ${host}/v1/events -d '{"event":"checkout"}'`));
  expect(refused).toMatchObject({ status: 401, code: 'missing_key' });
});
