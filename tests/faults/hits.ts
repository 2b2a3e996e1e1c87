import { readSeries, total } from '../testing/series.ts';

/** What a request for events came to: its status, and the code of a refusal. */
export interface Sent {
  status: number;
  code: string | null;
}

const JSON_BODY = { 'content-type': 'application/json' };

/** Defines `hits`, a count of the events `hit` by shop, of which none of a test is late. */
export async function defineHits(url: string, more: Record<string, unknown> = {}): Promise<void> {
  const metric = { event: 'hit', aggregate: 'count', groupBy: ['shop'], window: '10s', pane: '1s' };
  const body = JSON.stringify({ ...metric, lateness: '30m', ...more });
  const answer = await fetch(`${url}/v1/metrics/hits`, { method: 'PUT', headers: JSON_BODY, body });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
}

/** Posts one event for each id; `padding` characters make each of them larger. */
export async function sendHits(url: string, ids: readonly string[], padding = 0): Promise<Sent> {
  const text = 'x'.repeat(padding);
  const events = ids.map((id, i) => ({ event: 'hit', id, properties: { shop: `s${i % 5}`, text } }));
  const answer = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: JSON_BODY,
    body: JSON.stringify(events),
    signal: AbortSignal.timeout(60_000),
  });
  const body = (await answer.json()) as { code?: string; rejected?: number };
  if (answer.status === 200 && body.rejected !== 0) throw new Error(`refused: ${JSON.stringify(body)}`);
  return { status: answer.status, code: body.code ?? null };
}

/** Events counted by the metric in the last half hour, by HTTP. */
export const countHits = (url: string): Promise<number> =>
  readSeries(url, 'hits', '?range=30m&window=10s').then(total);

/** Ids that no other call with another name gives. */
export const idsOf = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name}-${i}`);
