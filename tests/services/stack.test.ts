import { afterAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { readSeries, total } from '../testing/series.ts';
import { type Stack, startStack } from './start-stack.ts';

const reason = inject('noBroker');

describe.skipIf(reason !== '')(`services as processes of their own ${reason}`, () => {
  let stack: Stack | null = null;
  afterAll(() => stack?.close());

  it('an event goes from ingest to a series; a part that was killed comes back at its address', async () => {
    stack = await startStack();
    const [ingest, gateway] = [stack.ingest[0]!, stack.gateway[0]!];
    const put = await fetch(`${gateway.url}/v1/metrics/hits`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ event: 'hit', aggregate: 'count', window: '10s' }),
    });
    expect(put.status).toBe(201);
    const send = async (): Promise<void> => {
      const answer = await fetch(`${ingest.url}/v1/events`, { method: 'POST', body: '{"event":"hit"}' });
      expect(answer.status).toBe(200);
    };
    const counted = (n: number): Promise<number> =>
      eventually(
        () => readSeries(gateway.url, 'hits', '?range=15m').then(total),
        (sum) => sum === n,
      );
    await send();
    await counted(1);
    await stack.aggregator[0]!.kill9();
    await send();
    await stack.aggregator[0]!.restart();
    await counted(2);
    await stack.store.kill9();
    await stack.store.restart();
    await gateway.kill9();
    expect(gateway.state).toBe('gone');
    await gateway.restart();
    await counted(2);
    expect(stack.members().flatMap((member) => member.unasked)).toEqual([]);
  });
});
