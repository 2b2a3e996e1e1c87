import { expect, it } from 'vitest';
import { createReceipts } from './receipts.ts';

it('keeps what comes before there is a chart, and gives each receipt out once', () => {
  const receipts = createReceipts();
  receipts.watch(1_000);
  receipts.add(1_000);
  receipts.add(1_500);
  expect(receipts.drain()).toEqual([1_000, 1_500]);
  expect(receipts.drain()).toEqual([]);
});

it('counts no backlog: nothing from before the panel was watched, nothing while it is not', () => {
  const receipts = createReceipts();
  receipts.add(900);
  receipts.watch(1_000);
  receipts.add(999);
  expect(receipts.drain()).toEqual([]);
  receipts.add(1_200);
  receipts.watch(null);
  receipts.add(1_300);
  receipts.watch(2_000);
  receipts.add(1_999);
  expect(receipts.drain()).toEqual([]);
});

it('is bounded', () => {
  const receipts = createReceipts();
  receipts.watch(0);
  for (let i = 0; i < 10_000; i++) receipts.add(i);
  expect(receipts.drain()).toHaveLength(256);
});
