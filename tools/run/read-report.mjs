import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ROOT } from './root.mjs';

const LONGEST_MESSAGE = 800;

/** Counts what one of vitest's JSON reports holds, with a line for each test that failed or was skipped. */
export function readVitestReport(project, report) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const lines = [];
  for (const { name, status: fileStatus, message, assertionResults } of report.testResults) {
    const file = relative(ROOT, name);
    // A file that does not load has no tests to show for it.
    if (fileStatus === 'failed' && assertionResults.length === 0) {
      counts.failed += 1;
      lines.push(failureLine(project, file, message));
    }
    for (const { status, fullName, failureMessages } of assertionResults) {
      if (status !== 'passed' && status !== 'failed') {
        counts.skipped += 1;
        lines.push(`skipped: ${fullName}`);
        continue;
      }
      counts[status] += 1;
      if (status === 'failed') {
        lines.push(failureLine(project, `${file}: ${fullName}`, failureMessages.join('\n')));
      }
    }
  }
  return { counts, lines };
}

/** One line that says what failed and how, for readers of only the end of a long log: `.ci/run` prints these lines again. */
export function failureLine(suite, what, message) {
  const said = stripVTControlCharacters(message)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^at .*(node_modules|node:internal)/.test(line));
  return `failed: ${suite}: ${what}: ${said.join(' | ').slice(0, LONGEST_MESSAGE)}`;
}
