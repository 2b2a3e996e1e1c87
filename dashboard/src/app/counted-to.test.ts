import { expect, it } from 'vitest';
import type { Beat } from '#contracts/view/protocol.ts';
import { BEHIND, countedTo } from './counted-to.ts';

const beat = (watermark: number | null): Pick<Beat, 'time' | 'status'> => ({
  time: 1_000_000,
  status: {
    ingestRate: 5,
    rejectedRate: 0,
    lag: 3,
    watermark,
    lateShare: 0,
    viewers: 1,
    events: 7,
  },
});

it.each([
  [null, null],
  [beat(null), null],
  [beat(1_000_000 - BEHIND), null],
  [beat(1_000_500), null],
  [beat(900_000), 900_000],
])('%#: says until when all is counted where that is a while ago', (last, until) => {
  expect(countedTo(last)).toBe(until);
});
