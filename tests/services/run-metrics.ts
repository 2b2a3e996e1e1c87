import { eventually } from '../testing/eventually.ts';

/** The metrics of one run over events of its own, and how they are asked for. */
export interface RunMetrics {
  event: string;
  /** A count by shop, a sum, quantiles: of all events, since their lateness is longer than any outage here. */
  hits: string;
  weight: string;
  spread: string;
  /** A count that leaves late events out, many of them. */
  tight: string;
}

export const metricsOf = (run: string): RunMetrics => ({
  event: `hit_${run}`,
  hits: `hits_${run}`,
  weight: `weight_${run}`,
  spread: `spread_${run}`,
  tight: `tight_${run}`,
});

const PATIENT = { window: '10s', pane: '1s', lateness: '30m' };

/** Defines them through one gateway; resolves when all gateways know of them. */
export async function defineRun(gateways: readonly string[], { event, ...ids }: RunMetrics): Promise<void> {
  const through = gateways[0]!;
  await define(through, ids.hits, { event, aggregate: 'count', groupBy: ['shop'], ...PATIENT });
  await define(through, ids.weight, { event, aggregate: 'sum(n)', ...PATIENT });
  await define(through, ids.spread, { event, aggregate: 'quantiles(n, 0.5, 0.99)', ...PATIENT });
  await define(through, ids.tight, { event, aggregate: 'count', ...PATIENT, lateness: '5s' });
  await awaitKnown(gateways, ids.tight);
}

/** A gateway learns of what another has defined a moment later, in order. */
export const awaitKnown = async (gateways: readonly string[], id: string): Promise<void> =>
  void (await Promise.all(
    gateways.map((url) =>
      eventually(
        () => fetch(`${url}/v1/metrics/${id}`),
        ({ ok }) => ok,
      ),
    ),
  ));

export async function removeRun(gateway: string, { event: _, ...ids }: RunMetrics): Promise<void> {
  for (const id of Object.values(ids)) await call(gateway, id, { method: 'DELETE' });
}

export const define = (gateway: string, id: string, metric: Record<string, unknown>): Promise<void> =>
  call(gateway, id, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(metric),
  });

async function call(gateway: string, id: string, init: RequestInit): Promise<void> {
  const response = await fetch(`${gateway}/v1/metrics/${id}`, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method} ${id}: ${response.status} ${text}`);
}
