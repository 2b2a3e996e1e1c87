import { expect, test } from 'vitest';
import { insertTexts } from './insert-text.ts';

async function textsOf(rows: Iterable<readonly unknown[]>, chunk?: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const text of insertTexts(rows, chunk)) texts.push(text);
  return texts;
}

test('whole rows in order, in texts of a bounded size', async () => {
  const rows = Array.from({ length: 100 }, (_, i) => [i, '\n\n'.repeat(i % 7)]);
  const texts = await textsOf(rows, 200);
  expect(texts.length).toBeGreaterThan(5);
  for (const text of texts) expect(text.length).toBeLessThanOrEqual(200);
  expect(
    texts
      .join('\n')
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(rows);
  expect(await textsOf([[1, 'x'.repeat(1_000)], [2]], 200)).toHaveLength(2);
  expect(await textsOf([])).toEqual([]);
});

test('others get their turns, however many rows there are', async () => {
  function* rows() {
    for (let i = 0; i < 200; i++) {
      const end = performance.now() + 1;
      while (performance.now() < end);
      yield [i];
    }
  }
  let turns = 0;
  let ended = false;
  const turn = (): void => {
    turns++;
    if (!ended) setImmediate(turn);
  };
  setImmediate(turn);
  await textsOf(rows());
  ended = true;
  // 200 ms of work, in turns of a few.
  expect(turns).toBeGreaterThan(10);
});
