import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { partitionOf } from '#contracts/log/partitioner.ts';
import { listen } from '#platform/http/listen.ts';
import { type Harness, NOW } from './testing/harness.ts';
import { useIngest } from './testing/use-ingest.ts';

const start = useIngest();
const names = async (harness: Harness) => (await harness.events()).map((e) => e.event.event).sort();

describe('the forms of a request', () => {
  it.each([
    ['one object', '{"event":"a"}', 'application/json', ['a']],
    ["curl's default content type", '{"event":"a"}', 'application/x-www-form-urlencoded', ['a']],
    ["a beacon's content type", '[{"event":"a"}]', 'text/plain;charset=UTF-8', ['a']],
    ['an odd content type', ' \n{"event":"a"}\n', 'nonsense;;', ['a']],
    ['a byte order mark', '\uFEFF{"event":"a"}', 'application/json', ['a']],
    ['pretty-printed', '{\r\n  "event": "a",\n  "properties": {}\n}', 'application/json', ['a']],
    [
      'an array',
      ' [ {"event":"a"} , {"event":"b","properties":{"x":"],[\\"}"}} ] ',
      'application/json',
      ['a', 'b'],
    ],
    ['an empty array', '[]', 'application/json', []],
    ['NDJSON', '{"event":"a"}\n{"event":"b"}\n', 'application/x-ndjson', ['a', 'b']],
    ['NDJSON of one line', '{"event":"a"}', 'application/x-ndjson; charset=utf-8', ['a']],
    [
      'NDJSON with CRLF, blank lines, no final newline',
      '\r\n{"event":"a"}\r\n\n \n{"event":"b"}',
      'application/ndjson',
      ['a', 'b'],
    ],
  ])('%s', async (_, body, type, expected) => {
    const harness = await start();
    const response = await harness.post(body, { 'content-type': type });
    expect(response.json()).toEqual({
      accepted: expected.length,
      late: 0,
      duplicates: 0,
      rejected: 0,
      errors: [],
    });
    expect(response.statusCode).toBe(200);
    expect(await names(harness)).toEqual(expected);
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
    ['GZIP', gzipSync],
    ['identity', (text: string) => Buffer.from(text)],
  ])('encoded with %s', async (encoding, encode) => {
    const harness = await start();
    const response = await harness.post(encode('[{"event":"a"},{"event":"b"}]'), {
      'content-encoding': encoding,
    });
    expect(response.json()).toMatchObject({ accepted: 2 });
    expect(await names(harness)).toEqual(['a', 'b']);
  });

  it('takes a body without a content type, and keeps the connection for the next', async () => {
    const harness = await start();
    const address = await listen(harness.server, { host: '127.0.0.1', port: 0 });
    for (const _ of [1, 2]) {
      const body = new Blob(['{"event":"a"}']);
      const response = await fetch(`${address}/v1/events`, { method: 'POST', body });
      expect(response.headers.get('connection')).not.toBe('close');
      expect(await response.json()).toMatchObject({ accepted: 1 });
    }
  });

  it('keeps the original bytes', async () => {
    const harness = await start();
    const body = '{"event":"a", "properties":{"n":12345678901234567890,"e":"\\u00e9"}}';
    await harness.post(body);
    const [bounds] = (await harness.log.bounds('events')).filter((b) => b.end > b.start);
    const value = await new Promise<string>((resolve, reject) => {
      harness.log.tail(
        'events',
        bounds!.partition,
        0,
        ([r]) => resolve(Buffer.from(r!.value).toString()),
        reject,
      );
    });
    expect(value).toBe(`${body}\n`);
  });
});

describe('the account of every event', () => {
  it('lists refused events by index, and takes their neighbours', async () => {
    const harness = await start();
    const lines = ['{"event":"a"}', '{"event":', '', '{"event":"b","id":"x1","amount":3}', '{"event":"c"}'];
    const response = await harness.post(lines.join('\n'), { 'content-type': 'application/x-ndjson' });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      accepted: 2,
      duplicates: 0,
      rejected: 2,
      errors: [
        { index: 1, id: null, code: 'invalid_json' },
        { index: 2, id: 'x1', code: 'unknown_field', field: 'amount' },
      ],
    });
    expect(await names(harness)).toEqual(['a', 'c']);
    expect(await harness.rejected()).toMatchObject([
      { code: 'invalid_json', body: '{"event":', time: NOW },
      { code: 'unknown_field', field: 'amount', body: lines[3] },
    ]);
  });

  it('does the same in an array', async () => {
    const harness = await start();
    const response = await harness.post('[{"event":"a"},{"event":},7,{"event":"b"},]');
    expect(response.json()).toMatchObject({
      accepted: 2,
      rejected: 3,
      errors: [
        { index: 1, code: 'invalid_json' },
        { index: 2, code: 'not_an_object' },
        { index: 4, code: 'invalid_json' },
      ],
    });
    expect(await names(harness)).toEqual(['a', 'b']);
  });

  it('responds with a problem that holds the account when every event was refused', async () => {
    const harness = await start();
    const response = await harness.post('[{"event":1},{}]');
    expect(response.statusCode).toBe(400);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toMatchObject({
      code: 'wrong_type',
      retry: false,
      accepted: 0,
      rejected: 2,
      errors: [{ code: 'wrong_type' }, { code: 'missing_field' }],
    });
  });

  it('counts repeats of key and id inside the request, and only those', async () => {
    const harness = await start();
    const events = [
      { event: 'a', id: '1' },
      { event: 'a', id: '1' },
      { event: 'a', id: '1', key: 'k' },
      { event: 'a', id: '2', key: 'k' },
      { event: 'a', id: '1', key: 'k' },
      { event: 'a' },
      { event: 'a' },
    ];
    const first = await harness.post(JSON.stringify(events));
    expect(first.json()).toEqual({ accepted: 5, late: 0, duplicates: 2, rejected: 0, errors: [] });
    const again = await harness.post(JSON.stringify(events.slice(0, 1)));
    expect(again.json()).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(harness.ingest.totals()).toMatchObject({ accepted: 6, duplicates: 2, rejected: 0, requests: 2 });
    expect(await harness.metrics.read('millrace_ingest_events_total')).toBe(8);
  });
});

describe('where events go', () => {
  it('takes the partition from the key, else the id, else turns', async () => {
    const harness = await start();
    const keyed = Array.from({ length: 40 }, (_, i) => ({ event: 'a', key: `k${i % 10}`, id: `${i}` }));
    const named = Array.from({ length: 10 }, (_, i) => ({ event: 'b', id: `i${i}` }));
    const bare = Array.from({ length: 8 }, () => ({ event: 'c' }));
    await harness.post(JSON.stringify([...keyed, ...named, ...bare]));
    const stored = await harness.events();
    const utf8 = new TextEncoder();
    for (const { partition, event } of stored.filter((e) => e.event.event !== 'c')) {
      expect(partition).toBe(partitionOf(utf8.encode((event.key ?? event.id) as string), 4));
    }
    const turns = stored.filter((e) => e.event.event === 'c').map((e) => e.partition);
    expect(turns.sort()).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    for (let k = 0; k < 10; k++) {
      const ids = stored.filter((e) => e.event.key === `k${k}`).map((e) => Number(e.event.id));
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
    }
    expect(stored.every((e) => e.kind === 'events' && e.received === NOW && e.block !== null)).toBe(true);
  });

  it('can write no control block, whatever the request says', async () => {
    const harness = await start();
    const headers = { 'millrace-kind': 'control', 'millrace-format': '1' };
    await harness.post('{"event":"metric","properties":{"kind":"metric"}}', headers);
    expect(
      (await harness.post('{"kind":"metric","metric":"x","version":1,"definition":{}}', headers)).statusCode,
    ).toBe(400);
    expect((await harness.events()).map((e) => e.kind)).toEqual(['events']);
  });
});

it('describes its routes in /openapi.json, and no others', async () => {
  const { server } = await start();
  const document = (await server.inject({ url: '/openapi.json', headers: { host: 'localhost' } })).json();
  const described = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item as object).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual([
    'GET /live',
    'GET /metrics',
    'GET /openapi.json',
    'GET /ready',
    'POST /v1/events',
  ]);
  for (const name of described) {
    const [method, url] = name.split(' ') as ['GET', string];
    expect(server.hasRoute({ method, url })).toBe(true);
  }
  const post = document.paths['/v1/events'].post;
  expect(Object.keys(post.requestBody.content)).toEqual(['application/json', 'application/x-ndjson']);
  expect(Object.keys(post.responses)).toEqual(['200', '400', '413', '415', '429', '503']);
});
