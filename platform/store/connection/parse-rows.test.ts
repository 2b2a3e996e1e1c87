import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRows } from './parse-rows.ts';

it('reads what was written, one row a line', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.json()), async (texts) => {
      const rows = texts.map((text) => ({ text }));
      const written = rows.map((row) => JSON.stringify(row)).join('\n');
      expect(await parseRows(written)).toEqual(rows);
      expect(await parseRows(`${written}\n`)).toEqual(rows);
    }),
  );
});

it('gives others their turns while a large answer is read', async () => {
  const line = JSON.stringify({ nums: Array.from({ length: 2_000 }, (_, i) => i / 7) });
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const rows = await parseRows(Array.from({ length: 2_000 }, () => line).join('\n'));
  isDone = true;
  expect(rows).toHaveLength(2_000);
  expect(turns).toBeGreaterThan(3);
});
