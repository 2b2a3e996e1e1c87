import type { ArchivedEvent } from '#contracts/event/event-page.ts';
import type { Differences, Explanation } from '#contracts/metric/explanation.ts';

/** Events of a window, and how many of them a page has. */
const EVENTS = 66;
const PAGE = 20;

/** What the server answers to what Explore asks; null for anything else. */
export function answerOfExplore(url: URL): unknown {
  const [, metric, what] = /^\/v1\/metrics\/([^/]+)\/(explain|differs)$/.exec(url.pathname) ?? [];
  if (metric === undefined) return null;
  return what === 'explain' ? explained(metric, url.searchParams) : differing(metric, url.searchParams);
}

const timesOf = (asked: URLSearchParams): { from: number; to: number } => ({
  from: Date.parse(asked.get('from') ?? ''),
  to: Date.parse(asked.get('to') ?? ''),
});

function explained(metric: string, asked: URLSearchParams): Explanation {
  const { from, to } = timesOf(asked);
  const first = Number(asked.get('cursor') ?? 0);
  const page = Array.from({ length: Math.min(PAGE, EVENTS - first) }, (_, i): ArchivedEvent => {
    const at = to - 1 - Math.floor(((first + i) * (to - from)) / EVENTS);
    return {
      ...{ event: 'checkout', id: `e_${first + i}`, key: `u_${i}`, timestamp: at, received: at + 40 },
      position: { partition: i % 4, offset: 81_000 + first + i, index: i },
      properties: { duration_ms: 624 - 3 * i, bank: 'northbank', version: '2.41.0' },
    };
  });
  const last = first + page.length;
  return {
    ...{ metric, version: 17, from, to, count: EVENTS, partial: false },
    values: { p50: 180, p95: 360, p99: 421, count: 12, value: 66 },
    parts: { live: 66, filled: 0, added: 0 },
    partitions: [19, 14, 21, 12].map((count, partition) => ({ partition, count, committed: 81_000 })),
    ...{ late: 1, before: 0, imported: 0, absent: 0, duplicates: 2 },
    skipped: [{ field: 'duration_ms', expected: 'a finite number', found: 'text', count: 3 }],
    ...{ events: page, searched: from, next: last < EVENTS ? String(last) : null },
  };
}

function differing(metric: string, asked: URLSearchParams): Differences {
  const times = timesOf(asked);
  const groups = asked.has('group') || asked.has('where') ? 'others' : 'same';
  const value = (property: string, text: string, inside: number, outside: number) => ({
    ...{ property, value: text, inside, outside, difference: inside / EVENTS - outside / 5_914 },
  });
  return {
    ...{ metric, version: 17, ...times, against: { groups, ...times } },
    ...{ inside: EVENTS, outside: 5_914, sample: 1, omitted: false },
    values: [
      value('version', '2.41.0', 64, 1_419),
      value('page', '/checkout', 29, 532),
      value('bank', 'northbank', 38, 1_596),
      value('country', 'DE', 22, 1_900),
    ],
  };
}
