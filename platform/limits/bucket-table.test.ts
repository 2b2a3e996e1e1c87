import { describe, expect, it } from 'vitest';
import { createBucketTable } from './bucket-table.ts';

describe('a table of buckets', () => {
  it('keeps one bucket a name', () => {
    const table = createBucketTable({ rate: 1, burst: 1 });
    expect(table.consume('a', 1, 0)).toBe(0);
    expect(table.consume('b', 1, 0)).toBe(0);
    expect(table.consume('a', 1, 0)).toBe(1_000);
    table.spend('b', 2, 0);
    expect(table.consume('b', 1, 1_000)).toBe(2_000);
  });

  it('forgets buckets that are full again, and no other', () => {
    const table = createBucketTable({ rate: 1, burst: 10 });
    for (let i = 0; i < 100; i++) table.consume(`quick ${i}`, 1, 0);
    table.spend('debtor', 100, 0);
    expect(table.size()).toBe(101);
    table.consume('other', 1, 2_000);
    expect(table.size()).toBe(2);
    expect(table.consume('debtor', 1, 2_000)).toBe(89_000);
  });

  it('stays within its cap under a flood of names, and drops those first that were made first', () => {
    const table = createBucketTable({ rate: 1, burst: 2, cap: 50 });
    for (let i = 0; i < 10_000; i++) {
      table.spend(`n${i}`, 2, i / 1_000);
      expect(table.size()).toBeLessThanOrEqual(50);
    }
    expect(table.consume('n9999', 1, 10)).toBeGreaterThan(0);
    expect(table.consume('n0', 1, 10)).toBe(0);
  });

  it('makes room from full buckets first', () => {
    const table = createBucketTable({ rate: 1_000, burst: 1, cap: 10 });
    table.spend('debtor', 10_000, 0);
    for (let i = 0; i < 9; i++) table.consume(`n${i}`, 1, 0);
    table.consume('newcomer', 1, 500);
    expect(table.size()).toBe(2);
    expect(table.consume('debtor', 1, 500)).toBeGreaterThan(0);
  });
});
