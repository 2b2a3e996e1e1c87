import { expect, it } from 'vitest';
import type { CommitRow } from '#contracts/log/rows.ts';
import { Fills } from './fills.ts';

const ENDS = new Map([0, 1].map((partition) => [partition, 0]));
const told = (part: string, version = 3) => ({
  kind: 'backfilled' as const,
  metric: 'orders',
  version,
  part,
  activation: 0,
});

it('counts each partition once, of the version that it was told of', () => {
  const commit = { part: 0, facts: { active: [{ metric: 'orders', version: 3, backfilled: true }] } };
  const fills = new Fills({ ends: ENDS, commits: [commit as unknown as CommitRow] });
  expect(fills.of('orders', 3)).toEqual({ done: 1, of: 2 });
  fills.apply(told('~0'));
  fills.apply(told('~1', 4));
  expect(fills.of('orders', 3)).toEqual({ done: 1, of: 2 });
  fills.apply(told('~1'));
  expect(fills.of('orders', 3)).toEqual({ done: 2, of: 2 });
});

it('says why the rest is not in, and nothing of it once all is', () => {
  const failure = { code: 'internal', message: 'too long', attempts: 3, next: 9 };
  const fills = new Fills({ ends: ENDS, commits: [], failing: () => failure });
  expect(fills.of('orders', 3)).toEqual({ done: 0, of: 2, failing: failure });
  fills.apply(told('~0'));
  fills.apply(told('~1'));
  expect(fills.of('orders', 3)).toEqual({ done: 2, of: 2 });
});

it('forgets what it was told of first where there is too much', () => {
  const fills = new Fills({ ends: ENDS, commits: [] });
  for (let version = 0; version <= 10_000; version++) fills.apply(told('~0', version));
  expect(fills.of('orders', 0)).toEqual({ done: 0, of: 2 });
  expect(fills.of('orders', 10_000)).toEqual({ done: 1, of: 2 });
});
