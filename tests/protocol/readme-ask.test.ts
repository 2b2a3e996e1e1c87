import { execFile, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Embedded } from '#embedded/app.ts';
import { eventually } from '../testing/eventually.ts';
import { startOwnStack } from './own-stack.ts';

const README = await readFile(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
const SECTION = /^## Ask\n[\s\S]*?^```sh\n([\s\S]*?)^```$/m.exec(README)![1]!;
/** Each command with its answer's field. */
const COMMANDS = SECTION.replaceAll('\\\n', ' ').trim().split('\n');
const FIELDS = ['events', 'events', 'metrics', 'rejected', 'levels', 'count', 'series'];

let stack: Embedded;
beforeAll(async () => {
  stack = await startOwnStack();
  const headers = { 'content-type': 'application/json' };
  const metric = { event: 'checkout', aggregate: 'quantiles(latency_ms, 0.5)', groupBy: ['country'] };
  await fetch(`${stack.url}/v1/metrics/checkout_latency`, {
    method: 'PUT',
    headers,
    body: JSON.stringify(metric),
  });
  const event = { event: 'checkout', properties: { country: 'DE', amount: 42.5, latency_ms: 12.3 } };
  await fetch(`${stack.url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(event) });
  await eventually(
    async () => (await (await fetch(`${stack.url}/v1/events`)).json()) as { events: unknown[] },
    ({ events }) => events.length === 1,
  );
});
afterAll(() => stack?.close());

const hasTools = ['bash', 'curl'].every((tool) => spawnSync(tool, ['--version']).status === 0);
it.skipIf(!hasTools)('README.md asks as it says (skipped without bash and curl)', async () => {
  expect(COMMANDS).toHaveLength(FIELDS.length);
  for (const [i, command] of COMMANDS.entries()) {
    const text = command.replace('curl ', 'curl -sS ').replaceAll('localhost:8080', new URL(stack.url).host);
    const { stdout } = await promisify(execFile)('bash', ['-c', text]);
    expect(JSON.parse(stdout), text).toHaveProperty(FIELDS[i]!);
    if (i === 1) expect(stdout).toContain('"amount":42.5');
    if (i === 2) expect(stdout).toContain('"outcome":"skipped"');
  }
});
