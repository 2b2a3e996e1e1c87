import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Explanation } from '#contracts/metric/explanation.ts';
import type { EventVerdict, VerdictsAnswer } from '#contracts/metric/verdict.ts';
import { MINUTE, SECOND } from '#contracts/text/duration.ts';
import { type Stack, startStack } from '../differential/stack.ts';
import { eventually } from '../testing/eventually.ts';

/* What becomes of an event that is late, on the running engine and its SQL. */

let data: string;
let stack: Stack;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'millrace-semantics-'));
  stack = await startStack(data);
});
afterEach(async () => {
  await stack.close();
  await rm(data, { recursive: true, force: true });
});

const ask = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
  const answer = await fetch(stack.url + path, init);
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as T;
};

it('case 23: an event beyond the lateness is archived and counted late, and in after a rebuild', async () => {
  await stack.define('late', { event: 'a', aggregate: 'count', window: '10s', lateness: '1m' });
  await stack.settled(1);
  const now = Math.floor(Date.now() / (10 * SECOND)) * 10 * SECOND;
  const line = (id: string, ts: number): string =>
    JSON.stringify({ event: 'a', id, key: 'one', timestamp: ts });
  const requests = [
    [line('first', now - 10 * MINUTE), 'nonsense'],
    [line('newest', now)],
    [line('late', now - 10 * MINUTE), line('on time', now - 30 * SECOND)],
    [line('newest', now)],
  ];
  const sent = requests.flat().length;
  let accepted = 0;
  // Each has to be a block of its own: the watermark moves between them.
  for (const lines of requests) accepted += await stack.post(lines);
  const commits = await stack.settled(1);
  const total = (name: 'duplicates' | 'late' | 'rejected' | 'events'): number =>
    commits.reduce((sum, { facts }) => sum + facts.counters[name], 0);
  const explain = (window: number): Promise<Explanation> => ask(`/v1/metrics/late/explain?window=${window}`);

  const old = await explain(now - 10 * MINUTE);
  expect(old).toMatchObject({ count: 1, values: { value: 1 }, late: 1, duplicates: 1 });
  expect(old.events.map(({ id }) => id)).toEqual(['first']);
  const verdictOf = async (id: string): Promise<EventVerdict> =>
    (await ask<VerdictsAnswer>(`/v1/events/verdict?id=${id}`)).verdicts[0]!;
  expect((await verdictOf('late')).metrics).toMatchObject([{ outcome: 'late', by: 9 * MINUTE }]);
  expect((await verdictOf('on%20time')).metrics).toMatchObject([{ outcome: 'counted', part: 'live' }]);

  // What was accepted is counted, late, or a repeat of another; no event is in two places.
  const rejected = sent - accepted;
  const windows = await Promise.all([now, now - 30 * SECOND, now - 10 * MINUTE].map(explain));
  const counted = windows.reduce((sum, { count }) => sum + count, 0);
  expect({ rejected, counted, late: total('late'), duplicates: total('duplicates') }).toEqual({
    ...{ rejected: 1, counted: 3, late: 1, duplicates: 1 },
  });
  expect(counted + total('late') + total('duplicates') + rejected).toBe(sent);

  await ask('/v1/metrics/late/rebuild', { method: 'POST' });
  const rebuilt = await eventually(
    () => explain(now - 10 * MINUTE),
    ({ count }) => count === 2,
  );
  expect(rebuilt).toMatchObject({
    ...{ values: { value: 2 }, late: 0, parts: { live: 1, filled: 0, added: 1 } },
  });
  expect((await verdictOf('late')).metrics).toMatchObject([{ outcome: 'counted', part: 'added' }]);
});
