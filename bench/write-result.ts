import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { SMOKE } from './smoke-scale.ts';

export interface BenchResult {
  /** Also the name of the file. */
  name: string;
  /** What is measured, and beside what. */
  what: string;
  /** The one command that makes this file; arguments it was given are added. */
  command: string;
  /** Everything else that the figures depend on: sizes, rounds, settings. No dates. */
  conditions: Record<string, unknown>;
  /** Of a curve: the column that doubles from row to row. */
  x?: string;
  rows: readonly Record<string, unknown>[];
}

/** Work of others on the machine, one minute's average: with a high load the figures say little. */
const load = (): number => Number(loadavg()[0]!.toFixed(1));
const loadAtStart = load();

/** Prints the rows and writes results/<name>.json, with the machine and how busy it was. */
export async function writeResult({ name, what, command, conditions, x, rows }: BenchResult): Promise<void> {
  console.table(rows.map(flat));
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
  const busy = { loadAtStart, loadAtEnd: load() };
  // Where things lie on one machine says nothing to others.
  const given = process.argv.slice(2).map((text) => (isAbsolute(text) ? basename(text) : text));
  const asked = [command, ...given].join(' ');
  const result = { name, what, command: asked, machine, conditions: { ...conditions, ...busy }, x, rows };
  await writeFile(await resultFile(name), `${JSON.stringify(result, null, 2)}\n`);
}

/** Where the result of that name belongs; its folder is there. */
export async function resultFile(name: string): Promise<string> {
  const folder = SMOKE ?? join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  return join(folder, `${name}.json`);
}

/** One column for each number, for the table on the screen. */
function flat(row: Record<string, unknown>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) out[name] = value;
    else for (const [inner, one] of Object.entries(value)) out[`${name} ${inner}`] = one;
  }
  return out;
}
