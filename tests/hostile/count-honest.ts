import { setTimeout as sleep } from 'node:timers/promises';
import { readSeries, total } from '../testing/series.ts';
import { HONEST_METRIC } from './honest-metric.ts';

const COUNT_WITHIN = 20_000;

/** What HTTP counts of the honest client's events; null without an answer. The last flush may be folded only now. */
export async function countHonest(url: string, key: string | null): Promise<number | null> {
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  const read = async (): Promise<number | null> => {
    const answer = readSeries(url, HONEST_METRIC, '?window=1m&range=30m', headers).then((series) =>
      total(series),
    );
    return Promise.race([answer, sleep(COUNT_WITHIN, null)]).catch(() => null);
  };
  const end = performance.now() + COUNT_WITHIN;
  let last = await read();
  // Two equal answers in a row: everything is folded.
  for (;;) {
    await sleep(500);
    const next = await read();
    if ((next !== null && next === last) || performance.now() > end) return next;
    last = next;
  }
}
