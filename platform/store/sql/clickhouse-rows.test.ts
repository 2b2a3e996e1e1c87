import { expect, it } from 'vitest';
import { sampleCommit } from '../testing/store-samples.ts';
import { commitRow } from './clickhouse-rows.ts';

const { facts, ...row } = sampleCommit(3, 7);
const stored = (text: string) => commitRow({ ...row, facts: text });

it('reads a commit row back', () => {
  expect(stored(JSON.stringify(facts))).toEqual({ ...row, facts });
});

it.each([
  ['text that is no JSON', '{', 'facts'],
  ['a list of blocks that is none', JSON.stringify({ ...facts, blocks: 'b1' }), 'facts.blocks'],
  [
    'a counter that is text',
    JSON.stringify({ ...facts, counters: { ...facts.counters, late: '2' } }),
    'facts.counters.late',
  ],
])('refuses %s', (_, text, field) => {
  expect(() => stored(text)).toThrow(
    expect.objectContaining({
      code: 'unsupported_format',
      field,
      message: expect.stringContaining(`Commit row of partition 3: ${field}`),
    }),
  );
});
