import { DEMO_METRICS } from '#embedded/demo/metrics.ts';

/** Defines the demo's metrics; rejects with the first refusal. */
export async function defineDemo(url: string): Promise<void> {
  for (const [id, metric] of Object.entries(DEMO_METRICS)) {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(metric);
    const answer = await fetch(`${url}/v1/metrics/${id}`, { method: 'PUT', headers, body });
    if (!answer.ok) throw new Error(`${id}: ${answer.status} ${await answer.text()}`);
  }
}
