import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SeriesAnswer } from '#contracts/view/series-result.ts';
import type { Embedded } from '#embedded/app.ts';
import { startOwnStack } from './own-stack.ts';
import { createSubject, type Subject, until } from './subject.ts';

const TEXT = readFileSync(new URL('../../docs/PROTOCOL.md', import.meta.url), 'utf8');
const EXAMPLE = /^```sh follow\n([\s\S]*?)^```$/m.exec(TEXT)![1]!;

let stack: Embedded;
let subject: Subject;
let shell: ChildProcess | null = null;
beforeEach(async () => {
  stack = await startOwnStack();
  subject = createSubject(stack.url);
  await subject.define();
});
afterEach(async () => {
  const running = shell;
  shell = null;
  if (running !== null) {
    // The whole group: a curl that waits is a child of its own.
    process.kill(-running.pid!, 'SIGKILL');
    await once(running, 'exit');
  }
  await stack.close();
});

/** Runs the example of PROTOCOL.md 2.3 unchanged; returns a function that gives the lines printed so far. */
function run(): () => string[] {
  shell = spawn('bash', ['-c', EXAMPLE, 'follow.sh', stack.url, subject.metric], { detached: true });
  let output = '';
  shell.stdout!.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  return () => output.split('\n').slice(0, -1);
}

/** What the lines say together, as PROTOCOL.md reads them: group → sum over windows. */
function totals(lines: string[]): Record<string, number> {
  const held = new Map<string, number>();
  for (const line of lines) {
    const { full, panes, series } = JSON.parse(line) as SeriesAnswer;
    if (full) held.clear();
    for (const { group, values } of series)
      for (const [i, value] of values.entries())
        held.set(`${group.group}/${group.size}|${panes[i]}`, value ?? 0);
  }
  const sums: Record<string, number> = {};
  for (const [key, value] of held) {
    const group = key.split('|')[0]!;
    sums[group] = (sums[group] ?? 0) + value;
  }
  return sums;
}

const hasTools = ['bash', 'curl', 'sed'].every((tool) => spawnSync(tool, ['--version']).status === 0);

it('shows every change by plain curl in a loop of ten lines', async ({ skip }) => {
  skip(!hasTools, 'needs bash, curl and sed');
  expect(EXAMPLE.trim().split('\n').length).toBeLessThanOrEqual(10);
  const lines = run();
  for (let n = 1; n <= 5; n++) {
    await subject.post('a', 2);
    // Each of them is seen before the next is sent.
    await until(() => expect(totals(lines())).toEqual({ 'a/L': n, 'a/S': n }));
  }
  await subject.post('b', 1);
  await until(() => expect(totals(lines())).toEqual({ 'a/L': 5, 'a/S': 5, 'b/S': 1 }));
  expect(lines().filter((line) => JSON.parse(line).full).length).toBeLessThanOrEqual(1);
  expect(lines().length).toBeLessThan(40);
});
