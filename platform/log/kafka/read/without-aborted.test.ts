import { describe, expect, it } from 'vitest';
import { type InTransaction, withoutAborted } from './without-aborted.ts';

const record = (offset: number, producer: string, kind: 'plain' | 'in' | 'mark' = 'in'): InTransaction => ({
  offset,
  producer,
  transactional: kind !== 'plain',
  control: kind === 'mark',
});

describe('withoutAborted', () => {
  it('leaves out marks and records of aborted transactions, each to its own mark', () => {
    const isRead = withoutAborted([
      { producer: 'b', first: 3 },
      { producer: 'a', first: 1 },
    ]);
    const read = [
      record(0, 'a', 'plain'),
      record(1, 'a'),
      record(2, 'c'),
      record(3, 'b'),
      record(4, 'a', 'mark'),
      record(5, 'a'),
      record(6, 'b'),
      record(7, 'b', 'mark'),
      record(8, 'b'),
      record(9, 'a', 'plain'),
    ].filter(isRead);
    expect(read.map((r) => r.offset)).toEqual([0, 2, 5, 8, 9]);
  });
});
