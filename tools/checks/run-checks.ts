import { writeFileSync } from 'node:fs';
import { CHECKS } from './all-checks.ts';
import type { Check, Findings } from './check.ts';

/** Runs every check, two at a time, prints a line each, and exits 1 when one has problems. */
const report = process.argv[process.argv.indexOf('--report') + 1];
const wanted = process.argv
  .slice(2)
  .filter((name, i, all) => name !== '--report' && all[i - 1] !== '--report');
const waiting = CHECKS.filter((check) => wanted.length === 0 || wanted.includes(check.name));
const counts = { passed: 0, failed: 0, skipped: 0 };
const found: { check: string; problem: string }[] = [];

await Promise.all([work(), work()]);
if (report !== undefined && process.argv.includes('--report'))
  writeFileSync(report, JSON.stringify({ ...counts, problems: found }));
process.exitCode = counts.failed === 0 ? 0 : 1;

async function work(): Promise<void> {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) await runOne(check);
}

async function runOne(check: Check): Promise<void> {
  const started = performance.now();
  const findings = await check.run().catch((error: Error): Findings => ({ problems: [error.message] }));
  const { problems, skipped } = findings;
  const note = skipped ?? findings.note;
  counts[problems.length > 0 ? 'failed' : skipped === undefined ? 'passed' : 'skipped'] += 1;
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  const outcome = problems.length > 0 ? `${problems.length} found` : skipped === undefined ? 'ok' : 'skipped';
  console.log(
    `check ${check.name.padEnd(14)} ${outcome.padEnd(9)} ${seconds.padStart(5)} s${note ? `  ${note}` : ''}`,
  );
  for (const problem of problems) {
    found.push({ check: check.name, problem });
    console.log(problem.replace(/^/gm, '  '));
  }
}
