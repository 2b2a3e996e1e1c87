import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from '../attack.ts';
import type { Got } from '../attacker.ts';

/** Puts a metric; a refusal is a fault of the suite, so it throws. */
export async function defineMetric({ attacker }: Stage, id: string, definition: object): Promise<void> {
  const { status, text } = await attacker.sendJson('PUT', `/v1/metrics/${id}`, definition);
  if (status !== 200 && status !== 201) throw new Error(`${id} is refused: ${status} ${text.slice(0, 300)}`);
}

/** Sends events second by second, oldest first, so that none is late: `groups` of them in each of `seconds`. */
export async function fillHistory(
  { attacker }: Stage,
  { event, groups, seconds, every = 1 }: { event: string; groups: number; seconds: number; every?: number },
): Promise<void> {
  const now = Math.floor(Date.now() / 1_000) * 1_000;
  const perBatch = Math.max(1, Math.floor(10_000 / groups));
  for (let from = seconds; from > 0; from -= perBatch * every) {
    const events: object[] = [];
    for (let second = from; second > Math.max(0, from - perBatch * every); second -= every)
      for (let g = 0; g < groups; g++)
        events.push({
          event,
          timestamp: now - second * 1_000,
          properties: { group: `g${g}`, side: `s${g % 10}`, n: g },
        });
    await attacker.post(events, 10_000);
  }
}

export const seriesPath = (metric: string, query: Record<string, string>): string =>
  `/v1/metrics/${metric}/series?${new URLSearchParams(query)}`;

/** A refusal may say `retry` only where a retry could help; what is too large stays too large. */
export function judgeRefusal(stage: Stage, { status, text }: Got, what: string): void {
  if (status === 200 || status === 0) return;
  if (status >= 500 && /"retry":\s*true/.test(text))
    stage.note(`${what} refused with retry`, text.slice(0, 160));
}

const BACKLOG = /^millrace_aggregator_(lag_blocks|pending_rows) ([\d.e+]+)$/gm;

/** Until all of the history is folded and in the Store: an honest event behind it would wait for it. */
export async function untilStored({ attacker, over }: Stage): Promise<void> {
  // Figures are updated once a second: nothing may wait in two successive readings.
  for (let idle = 0; idle < 2 && !over.aborted; ) {
    await sleep(1_200, undefined, { signal: over }).catch(() => {});
    const { text } = await attacker.send({ path: '/metrics' });
    const waiting = [...text.matchAll(BACKLOG)].map(([, , n]) => Number(n));
    idle = waiting.length === 2 && waiting.every((n) => n === 0) ? idle + 1 : 0;
  }
}
