import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec } from './exec.mjs';
import { millraceNode } from './install.mjs';

/** Runs infra/checks; each check counts as one test. */
export const runChecks = () =>
  withReport(async (report) => {
    const code = await exec(millraceNode(), ['infra/checks/run.ts', '--report', report]);
    return believed(code, JSON.parse(readFileSync(report, 'utf8')));
  });

/** Runs one project of vitest.config.ts and counts what its report holds. */
export const runVitest = (project) =>
  withReport(async (report) => {
    const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', project];
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = await exec(millraceNode(), [...args, ...reporters]);
    return believed(code, countTests(JSON.parse(readFileSync(report, 'utf8'))));
  });

/** A suite that ended in failure counts at least one, also when no single test did: a crash, an unhandled rejection. */
const believed = (code, counts) => (code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts);

function countTests(report) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report.testResults) {
    // A file that does not load has no tests to show for it.
    if (file.status === 'failed' && file.assertionResults.length === 0) counts.failed += 1;
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed' || status === 'failed') counts[status] += 1;
      else {
        counts.skipped += 1;
        console.log(`skipped: ${fullName}`);
      }
    }
  }
  return counts;
}

async function withReport(run) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-test-'));
  try {
    return await run(join(folder, 'report.json'));
  } catch (error) {
    console.error(`No report: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
