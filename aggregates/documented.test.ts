import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAggregate } from '#contracts/metric/aggregate-call.ts';
import { AGGREGATES, aggregateOf, checkAggregate } from './registry.ts';

/** Rows of the table in PROTOCOL.md: one for each call, those that share a row apart. */
async function readTable(): Promise<{ text: string; cells: string[] }[]> {
  const page = await readFile(join(import.meta.dirname, '..', 'docs', 'PROTOCOL.md'), 'utf8');
  const section = page.split('#### Aggregates')[1]!.split('\n#')[0]!;
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return inCode(cells[1]!).map((text) => ({ text, cells }));
  });
}

const inCode = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);

/** `a_1 … a_3` stands for all of them. */
function namesOf(text: string): string[] {
  const [, name, first, last] = /^(\w+_)(\d+) … \1(\d+)$/.exec(text) ?? [];
  if (name === undefined) return [text];
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, i) => `${name}${Number(first) + i}`);
}

test('PROTOCOL.md lists every aggregate with its input, outputs and what an empty window means', async () => {
  const rows = await readTable();
  const found = rows.map(({ text, cells }) => {
    const form = parseAggregate(text);
    const call = form.ok ? checkAggregate(form.value) : form;
    if (!call.ok) throw new Error(call.fault.message);
    const aggregate = aggregateOf(call.value);
    expect(cells[2] || 'none', text).toBe(aggregate.input);
    expect(inCode(cells[4]!).flatMap(namesOf), text).toEqual(aggregate.outputs(call.value));
    expect(cells[5], text).toBe(aggregate.empty);
    return aggregate.name;
  });
  expect([...new Set(found)].sort()).toEqual([...AGGREGATES.keys()].sort());
});
