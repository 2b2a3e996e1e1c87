import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeDefinition } from '#contracts/log/definition-record.ts';
import { openMemoryLog, startGateway, type TestGateway } from '../../testing/start-gateway.ts';

interface Answer {
  metrics: unknown[];
  boards: unknown[];
  faults: { id: string; code: string; message: string }[];
  code?: string;
}

const GOOD = { event: 'checkout', aggregate: 'count' };

/** Definitions that another version, or another producer, has written into the topic. */
describe('a stored definition that cannot be read', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startGateway();
  });
  afterEach(() => gateway.close());

  const get = async (path: string, accept = 'application/json') => {
    const answer = await fetch(`${gateway.url}/v1/${path}`, { headers: { accept } });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer };
  };
  const put = (path: string, body: object) =>
    fetch(`${gateway.url}/v1/${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const store = async (kind: 'metric' | 'board' | 'key', id: string, body: Record<string, unknown>) => {
    const value = Buffer.from(encodeDefinition({ kind, id, basedOn: null, body, version: null }));
    await gateway.log.append('definitions', 0, [{ key: null, value, headers: {} }]);
    await gateway.catalog.caughtUp();
  };

  it('is listed with its fault, beside its neighbours', async () => {
    await put('metrics/good', GOOD);
    await put('boards/good', { title: 'Good', panels: [] });
    await store('metric', 'odd', { event: 'x', aggregate: 'of_a_newer_version(y)' });
    await store('board', 'odd', { panels: [{ id: 'p', kind: 'of_a_newer_version' }] });
    await store('key', 'odd', { name: 'x', scope: 'of_a_newer_version' });
    const metrics = (await get('metrics')).body;
    expect(metrics.metrics).toHaveLength(2);
    expect(metrics.faults).toEqual([{ id: 'odd', code: 'unknown_aggregate', message: expect.any(String) }]);
    const boards = (await get('boards')).body;
    expect(boards.boards).toHaveLength(2);
    expect(boards.faults).toMatchObject([{ id: 'odd', code: 'invalid_definition' }]);
    expect((await get('keys')).body).toMatchObject({ keys: [], faults: [{ id: 'odd' }] });
    expect((await get('metrics/odd')).headers.get('millrace-fault')).toBe('unknown_aggregate');
    expect((await get('metrics/good')).headers.get('millrace-fault')).toBeNull();
    expect((await get('metrics/good/series')).status).toBe(200);
    expect((await get('metrics/odd/series')).body.code).toBe('unknown_aggregate');
  });

  it('of any kind and shape, leaves every list, its neighbours and the next start alone', async () => {
    await put('metrics/good', GOOD);
    const body = fc.oneof(
      fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 }),
      fc.record(
        {
          name: fc.jsonValue(),
          scope: fc.constantFrom('read', ['read'], 5),
          created: fc.oneof(fc.maxSafeInteger(), fc.jsonValue()),
          expires: fc.oneof(fc.maxSafeInteger(), fc.jsonValue()),
          hash: fc.constant('ab'.repeat(32)),
        },
        { requiredKeys: ['scope', 'hash'] },
      ),
      fc.record({
        title: fc.jsonValue(),
        event: fc.jsonValue(),
        aggregate: fc.jsonValue(),
        panels: fc.jsonValue(),
      }),
    );
    const record = fc.tuple(
      fc.constantFrom<'metric' | 'board' | 'key'>('metric', 'board', 'key'),
      fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor')),
      body,
    );
    await fc.assert(
      fc.asyncProperty(record, async ([kind, id, content]) => {
        await store(kind, id, content as Record<string, unknown>);
        for (const list of ['metrics', 'boards', 'keys']) {
          expect((await get(list)).status).toBe(200);
          expect(
            (await fetch(`${gateway.url}/v1/${list}`, { headers: { accept: 'text/yaml' } })).status,
          ).toBe(200);
        }
        expect((await get('metrics/good/series')).status).toBe(200);
      }),
      { numRuns: 60 },
    );
    const next = await startGateway({}, { log: gateway.log });
    const series = await fetch(`${next.url}/v1/metrics/good/series`);
    expect(series.status).toBe(200);
    await next.close();
  }, 60_000);

  it('nested so deeply that it could not be written again is skipped', async () => {
    const deep = ['{"a":'.repeat(50_000), '1', '}'.repeat(50_000)].join('');
    const value = Buffer.from(`{"kind":"metric","id":"deep","basedOn":null,"version":null,"body":${deep}}`);
    await gateway.log.append('definitions', 0, [{ key: null, value, headers: {} }]);
    await gateway.catalog.caughtUp();
    expect((await get('metrics')).body.metrics).toEqual([]);
    expect((await put('metrics/good', GOOD)).status).toBe(201);
  });

  it('with a lateness above a horizon that was lowered, is served as before, and says so', async () => {
    const log = await openMemoryLog();
    const before = await startGateway({ horizon: 3_600_000 }, { log });
    const late = { ...GOOD, lateness: '30m' };
    const headers = { 'content-type': 'application/json' };
    const url = `${before.url}/v1/metrics/late`;
    expect((await fetch(url, { method: 'PUT', headers, body: JSON.stringify(late) })).status).toBe(201);
    await before.close();
    const after = await startGateway({ horizon: 60_000 }, { log });
    const answer = await fetch(`${after.url}/v1/metrics/late`);
    expect(answer.headers.get('millrace-fault')).toBe('out_of_range');
    expect((await fetch(`${after.url}/v1/metrics/late/series`)).status).toBe(200);
    const list = (await (await fetch(`${after.url}/v1/metrics`)).json()) as Answer;
    expect(list.faults[0]!.message).toContain('MILLRACE_HORIZON');
    await after.close();
    await log.close();
  });
});
