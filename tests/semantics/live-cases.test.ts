import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, MINUTE, SECOND } from '#contracts/text/duration.ts';
import type { SeriesAnswer } from '#contracts/view/series-result.ts';
import { eventually } from '../testing/eventually.ts';
import { startMemoryMillrace } from '../testing/memory-millrace.ts';

/* What happens to events while time goes on: posted, folded and answered by one running process. */

type Millrace = Awaited<ReturnType<typeof startMemoryMillrace>>;

let millrace: Millrace;
beforeEach(async () => {
  millrace = await startMemoryMillrace({ MILLRACE_PARTITIONS: '1' });
});
afterEach(() => millrace.close());

async function send(path: string, body: unknown, method = 'POST'): Promise<Record<string, unknown>> {
  const answer = await fetch(`${millrace.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Record<string, unknown>;
}
const define = (metric: object) => send('/v1/metrics/m', metric, 'PUT');
const post = (timestamps: readonly number[]) =>
  send(
    '/v1/events',
    timestamps.map((ms) => ({ event: 'a', timestamp: ms })),
  );

async function ask(query: Record<string, string>): Promise<SeriesAnswer> {
  const answer = await fetch(`${millrace.url}/v1/metrics/m/series?${new URLSearchParams(query)}`);
  return (await answer.json()) as SeriesAnswer;
}
const sumOf = ({ series }: SeriesAnswer): number =>
  series.flatMap(({ values }) => values).reduce<number>((sum, value) => sum + (value ?? 0), 0);

async function append(timestamps: readonly number[]): Promise<void> {
  const lines = timestamps.map((ms) => JSON.stringify({ event: 'a', timestamp: ms }));
  const value = new TextEncoder().encode(lines.join('\n'));
  await millrace.log.append('events', 0, [{ key: null, value, headers: {} }]);
}

/** Codes of what was refused, whoever refused it. */
const refusedCodes = () =>
  eventually(
    async () => {
      const answer = await fetch(`${millrace.url}/v1/rejected`);
      const { rejected } = (await answer.json()) as { rejected: { code: string }[] };
      return rejected.map(({ code }) => code);
    },
    (codes) => codes.length > 0,
  );

async function lateEvents(): Promise<number> {
  const text = await fetch(`${millrace.url}/metrics`).then((page) => page.text());
  const lines = text.matchAll(/^millrace_aggregator_late_events_total\S* (\d+)/gm);
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Reads what the partition counted, once everything in the Log is folded and committed. */
const counters = () =>
  eventually(
    async () => {
      const [bounds] = await millrace.log.bounds('events');
      const [commit] = await millrace.store.readCommits();
      return { end: bounds!.end, commit };
    },
    ({ end, commit }) => commit?.next === end && end > 0,
  ).then(({ commit }) => commit!.facts.counters);

describe('case 5: an event of tomorrow among others', () => {
  /** By HTTP, or as a record without headers, as other producers write it. */
  const ways = { 'over HTTP': post, 'by a producer of its own': append };

  it.each(Object.entries(ways))('is refused, and makes none of the others late: %s', async (_, give) => {
    await define({ event: 'a', aggregate: 'count', window: '1m', lateness: '1m' });
    const begin = Math.floor(Date.now() / MINUTE) * MINUTE - 13 * MINUTE;
    await give([begin + 10 * SECOND]);
    await give([begin + 2 * MINUTE + 10 * SECOND]);
    await give([begin + DAY]);
    for (let minute = 3; minute <= 12; minute++) await give([begin + minute * MINUTE]);
    const { events } = await counters();
    expect(events).toBe(12);
    const range = { from: String(begin + 3 * MINUTE), to: String(begin + 13 * MINUTE), window: '1m' };
    const answer = await eventually(
      () => ask(range),
      (given) => sumOf(given) === 10,
    );
    expect(answer.series.flatMap(({ values }) => values)).toEqual(new Array(10).fill(1));
    expect(await refusedCodes()).toEqual(['timestamp_in_future']);
    expect(await lateEvents()).toBe(0);
  });

  it('is accepted four minutes ahead, and makes nothing late', async () => {
    await define({ event: 'a', aggregate: 'count', window: '1m', lateness: '1m' });
    const now = Date.now();
    expect(await post([now + 4 * MINUTE])).toMatchObject({ accepted: 1, rejected: 0 });
    expect(await post([now])).toMatchObject({ accepted: 1, rejected: 0 });
    expect(await counters()).toMatchObject({ events: 2, rejected: 0 });
    expect(await lateEvents()).toBe(0);
  });
});

describe('case 6: one event, then silence', () => {
  it('closes its window by itself', async () => {
    await define({ event: 'a', aggregate: 'count', window: '2s', pane: '1s' });
    const at = Date.now();
    await post([at]);
    const start = Math.floor(at / (2 * SECOND)) * 2 * SECOND;
    const whole = { from: String(start), to: String(start + 2 * SECOND), window: '2s' };
    const answer = await eventually(
      () => ask(whole),
      (given) => sumOf(given) === 1 && given.open.length === 0,
    );
    expect(answer.asOf).toBeGreaterThanOrEqual(start + 2 * SECOND);
  });
});
