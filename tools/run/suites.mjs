import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec } from './exec.mjs';
import { millraceNode } from './install.mjs';
import { failureLine, readVitestReport } from './read-report.mjs';

/** Runs tools/checks; each check counts as one test. */
export const runChecks = () =>
  withReport(async (report) => {
    const code = await exec(millraceNode(), ['tools/checks/run-checks.ts', '--report', report]);
    const { problems, ...counts } = JSON.parse(readFileSync(report, 'utf8'));
    for (const { check, problem } of problems) console.log(failureLine('checks', check, problem));
    return believed('checks', code, counts);
  });

/** Runs one project of vitest.config.ts and counts what its report holds. */
export const runVitest = (project) =>
  withReport(async (report) => {
    const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', project];
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = await exec(millraceNode(), [...args, ...reporters]);
    const { lines, counts } = readVitestReport(project, JSON.parse(readFileSync(report, 'utf8')));
    for (const line of lines) console.log(line);
    return believed(project, code, counts);
  });

/** A suite that ended in failure counts at least one, also when no single test did: a crash, an unhandled rejection. */
function believed(suite, code, counts) {
  if (code === 0 || counts.failed > 0) return counts;
  console.log(failureLine(suite, 'the suite itself', `ended with ${code}, though no test failed`));
  return { ...counts, failed: 1 };
}

async function withReport(run) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-test-'));
  try {
    return await run(join(folder, 'report.json'));
  } catch (error) {
    console.log(failureLine('npm test', 'a suite without a report', error.message));
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
