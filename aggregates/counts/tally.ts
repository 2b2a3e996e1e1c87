import type { Aggregate } from '../aggregate.ts';

/** How many events each condition holds for, and last how many there are. */
export interface Tally {
  counts: number[];
}

/** Everything but the reading of the aggregates that count for how many events each of their conditions holds. State: `counts`. */
export function createTally(
  conditions: number,
): Pick<
  Aggregate<Tally>,
  'input' | 'empty' | 'adds' | 'create' | 'add' | 'merge' | 'encode' | 'decode' | 'sql'
> {
  const places = Array.from({ length: conditions + 1 }, (_, i) => i);
  const held = places.slice(0, conditions);
  const sumsSql = `[${places.map((i) => `sum(counts[${i + 1}])`).join(', ')}]`;
  return {
    input: 'conditions',
    empty: 'none',
    adds: 'nothing',
    create: () => ({ counts: places.map(() => 0) }),
    add({ counts }, value) {
      const holding = value as number;
      for (let i = 0; i < conditions; i++) if (holding & (1 << i)) counts[i]! += 1;
      counts[conditions]! += 1;
    },
    merge(into, from) {
      for (const i of places) into.counts[i]! += from.counts[i]!;
    },
    encode: ({ counts }) => ({ nums: [], keys: [], counts: [...counts] }),
    decode: ({ counts }) => ({ counts: places.map((i) => counts[i] ?? 0) }),
    sql: {
      state: (input) => ({
        nums: '[]',
        keys: '[]',
        counts: `[${[...held.map((i) => `countIf(bitTest(${input}, ${i}))`), 'count()'].join(', ')}]`,
      }),
      merge: { nums: '[]', keys: '[]', counts: sumsSql },
    },
  };
}
