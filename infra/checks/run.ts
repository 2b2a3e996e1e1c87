import { writeFileSync } from 'node:fs';
import type { Check } from './check.ts';
import { CHECKS } from './registry.ts';

/** Runs every check, two at a time, prints a line each, and exits 1 when one has problems. */
const report = process.argv[process.argv.indexOf('--report') + 1];
const wanted = process.argv
  .slice(2)
  .filter((name, i, all) => name !== '--report' && all[i - 1] !== '--report');
const waiting = CHECKS.filter((check) => wanted.length === 0 || wanted.includes(check.name));
const counts = { passed: 0, failed: 0, skipped: 0 };

await Promise.all([work(), work()]);
if (report !== undefined && process.argv.includes('--report')) writeFileSync(report, JSON.stringify(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;

async function work(): Promise<void> {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) await runOne(check);
}

async function runOne(check: Check): Promise<void> {
  const started = performance.now();
  const { problems, note } = await check
    .run()
    .catch((error: Error) => ({ problems: [error.message], note: undefined }));
  counts[problems.length === 0 ? 'passed' : 'failed'] += 1;
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  const outcome = problems.length === 0 ? 'ok' : `${problems.length} found`;
  console.log(
    `check ${check.name.padEnd(14)} ${outcome.padEnd(9)} ${seconds.padStart(5)} s${note ? `  ${note}` : ''}`,
  );
  for (const problem of problems) console.log(problem.replace(/^/gm, '  '));
}
