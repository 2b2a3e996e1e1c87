import { expect, it } from 'vitest';
import { FORMATS } from '../../testing/usual-formats.ts';
import { statusItems } from './status-items.ts';

const STATUS = {
  ingestRate: 1_204.4,
  rejectedRate: 3,
  lag: 1,
  watermark: 98_800,
  lateShare: 0.0002,
  viewers: 14,
  events: 9,
};
const texts = (items: ReturnType<typeof statusItems>) => items.map(({ name, text }) => `${name} ${text}`);

it('says what the server said last', () => {
  const items = statusItems({ time: 100_000, status: STATUS }, FORMATS);
  expect(texts(items)).toEqual([
    'Received 1,204 ev/s',
    'Rejected 3 /s',
    'To count 1 block',
    'Counted up to 1.2 s ago',
    'Late 0.02 %',
    'Viewers 14',
  ]);
  expect(items.filter(({ critical }) => critical).map(({ id }) => id)).toEqual(['rejected']);
});

it('has no figure without a heartbeat, and each with its explanation', () => {
  const items = statusItems(null, FORMATS);
  expect(items.map(({ text }) => text)).toEqual(items.map(() => '–'));
  expect(items.some(({ critical }) => critical)).toBe(false);
  for (const { explanation } of items) expect(explanation).toMatch(/^[A-Z].{20,}\.$/);
});
