import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RejectedPage } from '#contracts/log/rejected-record.ts';
import type { Log } from '#platform/log/log.ts';
import { ADMIN, startGateway, type TestGateway } from '../../testing/start-gateway.ts';

let gateway: TestGateway;
let gate: PromiseWithResolvers<void>;
/** Reads of the topic that have begun. */
let reads: number;
beforeEach(async () => {
  gate = Promise.withResolvers();
  gate.resolve();
  reads = 0;
  const wrapLog = (log: Log): Log => ({
    ...log,
    async bounds(topic) {
      if (topic === 'rejected') {
        reads++;
        await gate.promise;
      }
      return log.bounds(topic);
    },
  });
  gateway = await startGateway({}, { keysNeeded: true, wrapLog });
});
afterEach(async () => {
  gate.resolve();
  await gateway.close();
});

const ask = async (query = '', key: string | null = ADMIN) => {
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  const answer = await fetch(`${gateway.url}/v1/rejected${query}`, { headers });
  return {
    status: answer.status,
    cache: answer.headers.get('cache-control'),
    body: (await answer.json()) as RejectedPage & { code: string; field: string; detail: string },
  };
};
const append = (...records: object[]) =>
  gateway.log.append(
    'rejected',
    0,
    records.map((record) => ({ key: null, value: Buffer.from(JSON.stringify(record)), headers: {} })),
  );
const record = (time: number, code: string) => ({ time, code, message: 'm', body: '{' });

describe('GET /v1/rejected', () => {
  it('lists what was refused, newest first, in pages, and keeps nothing in caches', async () => {
    await append(record(1, 'invalid_json'), { time: 2, since: 1, leftOut: { invalid_key: 7 } });
    await append(record(3, 'invalid_key'));
    const first = await ask('?limit=1');
    expect(first).toMatchObject({ status: 200, cache: 'no-store' });
    expect(first.body).toEqual({
      rejected: [record(3, 'invalid_key')],
      leftOut: {},
      next: expect.stringMatching(/^[\w-]+$/),
    });
    expect((await ask(`?cursor=${first.body.next}`)).body).toEqual({
      rejected: [record(1, 'invalid_json')],
      leftOut: { invalid_key: 7 },
      next: null,
    });
    const filtered = await ask('?code=invalid_json,wrong_type');
    expect(filtered.body).toEqual({ rejected: [record(1, 'invalid_json')], leftOut: {}, next: null });
  });

  it.each([
    ['?limit=0', 'out_of_range', 'limit'],
    ['?limit=1001', 'out_of_range', 'limit'],
    ['?limit=-1', 'invalid_parameter', 'limit'],
    ['?limit=', 'invalid_parameter', 'limit'],
    ['?limit=1&limit=2', 'invalid_parameter', 'limit'],
    ['?code=401', 'invalid_parameter', 'code'],
    ['?code=invalid_json,', 'invalid_parameter', 'code'],
    ['?cursor=none', 'invalid_parameter', 'cursor'],
    ['?cursor=', 'invalid_parameter', 'cursor'],
    ['?cursor=LTE', 'invalid_parameter', 'cursor'],
    ['?since=1', 'invalid_parameter', 'since'],
  ])('refuses %s', async (query, code, field) => {
    const { status, body } = await ask(query);
    expect({ status, code: body.code, field: body.field }).toEqual({ status: 400, code, field });
    expect(reads).toBe(0);
  });

  it('is for those who may read the tail', async () => {
    const { key } = await gateway.makeKey({ scope: 'read' });
    expect((await ask('', key)).status).toBe(200);
    const some = await gateway.makeKey({ scope: 'read', metrics: ['orders'] });
    expect(await ask('', some.key)).toMatchObject({ status: 403, body: { code: 'forbidden_metric' } });
    const writer = await gateway.makeKey({ scope: 'write' });
    expect(await ask('', writer.key)).toMatchObject({ status: 403, body: { code: 'forbidden_scope' } });
    expect(await ask('', null)).toMatchObject({ status: 401, body: { code: 'missing_key' } });
  });

  it('reads for one at a time, and lets a bounded number wait', async () => {
    gate = Promise.withResolvers();
    let refused = 0;
    const answers = Array.from({ length: 60 }, () =>
      ask().then((answer) => {
        if (answer.status === 429) refused++;
        return answer;
      }),
    );
    await vi.waitFor(() => expect(refused).toBe(10), { timeout: 20_000 });
    expect(reads).toBe(1);
    gate.resolve();
    const all = await Promise.all(answers);
    expect(all.filter(({ status }) => status === 200)).toHaveLength(50);
    expect(all.find(({ status }) => status === 429)?.body).toMatchObject({ code: 'too_many_waits' });
    expect((await ask()).status).toBe(200);
  });

  it('is described in /openapi.json', async () => {
    const described = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as {
      paths: Record<string, { get: { parameters: { name: string }[]; responses: object } }>;
    };
    const { parameters, responses } = described.paths['/v1/rejected']!.get;
    expect(parameters.map(({ name }) => name).sort()).toEqual(['code', 'cursor', 'limit']);
    expect(Object.keys(responses)).toEqual(['200', '400', '403', '429']);
  });
});
