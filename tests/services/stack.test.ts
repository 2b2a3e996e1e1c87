import { afterAll, describe, expect, inject, it } from 'vitest';
import type { RejectedPage } from '#contracts/log/rejected-record.ts';
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

  it('what ingest refuses is listed by a gateway, page by page, and after a restart of both', async () => {
    stack ??= await startStack();
    const [ingest, gateway] = [stack.ingest[0]!, stack.gateway[0]!];
    const send = async (body: string): Promise<void> => {
      const headers = { 'content-type': 'application/json', 'user-agent': body };
      const answer = await fetch(`${ingest.url}/v1/events`, { method: 'POST', body, headers });
      expect(answer.status).toBe(400);
    };
    const read = async (query: string): Promise<RejectedPage> => {
      const answer = await fetch(`${gateway.url}/v1/rejected?${query}`);
      expect(answer.status).toBe(200);
      return (await answer.json()) as RejectedPage;
    };
    const agents = async (limit: number): Promise<(string | undefined)[]> => {
      const pages = [await read(`limit=${limit}`)];
      for (let { next } = pages[0]!; next !== null; next = pages.at(-1)!.next)
        pages.push(await read(`limit=${limit}&cursor=${next}`));
      return pages.flatMap(({ rejected }) => rejected.map(({ agent }) => agent));
    };
    await send('{"event":1}');
    await send('{');
    await eventually(
      () => agents(100),
      (found) => found.length === 2,
    );
    await ingest.kill9();
    await gateway.kill9();
    await ingest.restart();
    await gateway.restart();
    await send('[');
    const found = await eventually(
      () => agents(1),
      ({ length }) => length === 3,
    );
    expect(found).toEqual(['[', '{', '{"event":1}']);
    expect((await read('code=wrong_type')).rejected).toMatchObject([{ agent: '{"event":1}', status: 400 }]);
  });
});
