import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readVitestReport } from './read-report.mjs';

const ROOT = process.cwd();

const test = (status: string, fullName: string, ...failureMessages: string[]) => ({
  status,
  fullName,
  failureMessages,
});
const file = (
  name: string,
  status: string,
  message: string,
  ...assertionResults: ReturnType<typeof test>[]
) => ({
  name: join(ROOT, name),
  status,
  message,
  assertionResults,
});

it('counts tests and says each that failed or was skipped in one line', () => {
  const message = [
    'AssertionError: expected 1 to be 2',
    `    at ${join(ROOT, 'a.test.ts')}:2:3`,
    `    at file://${join(ROOT, 'node_modules/runner.js')}:9:9`,
  ].join('\n');
  const { counts, lines } = readVitestReport('unit', {
    testResults: [
      file('a.test.ts', 'failed', '', test('passed', 'holds'), test('failed', 'is two', message)),
      file('b.test.ts', 'passed', '', test('pending', 'waits')),
    ],
  });
  expect(counts).toEqual({ passed: 1, failed: 1, skipped: 1 });
  expect(lines).toEqual([
    `failed: unit: a.test.ts: is two: AssertionError: expected 1 to be 2 | at ${join(ROOT, 'a.test.ts')}:2:3`,
    'skipped: waits',
  ]);
});

it('counts a file that does not load as one that failed', () => {
  const { counts, lines } = readVitestReport('unit', {
    testResults: [file('a.test.ts', 'failed', '\u001b[31mNo such module\u001b[39m\n')],
  });
  expect(counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(lines).toEqual(['failed: unit: a.test.ts: No such module']);
});
