/**
 * Runs attacks and writes their figures, judging nothing: `node tests/hostile/measure.ts before`, or some of them by
 * name: `node tests/hostile/measure.ts before 'half open'`. HOSTILE=long tries all variants.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { ATTACKS } from './all-attacks.ts';
import type { Figures } from './figures.ts';
import { judge } from './judge-attack.ts';
import { runAttack } from './run-attack.ts';
import { tabulate } from './tabulate.ts';

/** What is written to the file; what the process printed is only shown. */
type Row = Omit<Figures, 'faults' | 'said'> & { problems: string };

const LIMIT = 60_000;
const [name, ...wanted] = process.argv.slice(2);
if (name === undefined) throw new Error('Say what the results are to be called, such as "before".');
const long = process.env.HOSTILE === 'long';
const file = join(import.meta.dirname, 'results', `${name}.json`);

const known = await readFile(file, 'utf8').then(
  (text) => (JSON.parse(text) as { rows: Row[] }).rows,
  (): Row[] => [],
);
const rows = new Map(known.map((row) => [row.attack, row]));
const measured = (): Row[] => ATTACKS.flatMap((attack) => rows.get(attack.name) ?? []);

async function write(): Promise<void> {
  await mkdir(join(import.meta.dirname, 'results'), { recursive: true });
  const result = {
    what: 'Every attack of tests/hostile on a process of its own, while an honest client posts and watches.',
    command: `${long ? 'HOSTILE=long ' : ''}node tests/hostile/measure.ts ${name}`,
    machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version },
    conditions: {
      profile:
        'embedded, heap of 512 MB, MILLRACE_STORE_MEMORY=500000000, one core; attackers, honest client and probe on the other',
      limit: `${LIMIT / 1_000} s of the process's CPU, or three times that by the clock`,
      load: Number(loadavg()[0]!.toFixed(1)),
    },
    rows: measured(),
  };
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
}

for (const attack of ATTACKS) {
  if (wanted.length > 0 && !wanted.includes(attack.name)) continue;
  const figures = await runAttack(attack, { long, limit: long ? LIMIT * 5 : LIMIT });
  const { faults: _, said, ...kept } = figures;
  rows.set(attack.name, { ...kept, problems: judge(figures).join('; ') });
  console.log(JSON.stringify(rows.get(attack.name)), said);
  await write();
}
console.table(tabulate(measured()));
process.exit();
