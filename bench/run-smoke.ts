import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';

/** The columns of each result that a bench writes, nested ones by a dot; each holds a number in every row. */
export type ExpectedColumns = Record<string, readonly string[]>;

/**
 * Runs a bench briefly and checks that its figures are there and finite, never how good they are. Throws with all
 * that it printed where it does not end by itself and well.
 */
export async function runSmoke(bench: string, expected: ExpectedColumns): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
  try {
    await runBench(bench, folder);
    for (const [name, columns] of Object.entries(expected)) {
      const result = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as Record<
        string,
        unknown
      >;
      const rows = (result.rows ?? result.results) as unknown[];
      expect(rows.length, name).toBeGreaterThan(0);
      for (const row of rows)
        for (const column of columns)
          expect(valueAt(row, column), `${name}: ${column} of ${JSON.stringify(row)}`).toSatisfy(
            Number.isFinite,
          );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runBench(bench: string, folder: string): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${bench}.bench.ts`)], {
    env: { ...process.env, BENCH_SMOKE: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk));
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`${bench} ended with ${code ?? signal}:\n${Buffer.concat(printed)}`);
}

/** JSON holds null for what was not finite. */
const valueAt = (row: unknown, column: string): unknown =>
  column.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | null)?.[name], row);
