import { request as httpRequest } from 'node:http';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MillraceError } from '#contracts/errors.ts';
import { listen } from '#platform/http/listen.ts';
import { useIngest } from './testing/use-ingest.ts';

const start = useIngest();

const GOOD = '[{"event":"a"}]';
const ENCODERS = { gzip: gzipSync, br: brotliCompressSync, zstd: zstdCompressSync } as const;

describe('requests that cannot be read', () => {
  it.each<[string, string | Uint8Array, Record<string, string>, number, string]>([
    ['nothing', '', {}, 400, 'empty_body'],
    ['only space', ' \n\t', {}, 400, 'empty_body'],
    ['only blank lines', '\n\n', { 'content-type': 'application/x-ndjson' }, 400, 'empty_body'],
    ['an empty gzip', gzipSync(''), { 'content-encoding': 'gzip' }, 400, 'empty_body'],
    ['text', 'hello', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    [
      'a form',
      'event=a',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported_media_type',
    ],
    ['text called JSON', 'hello', {}, 400, 'invalid_json'],
    ['a number called JSON', '42', {}, 400, 'invalid_json'],
    ['a truncated array', '[{"event":"a"},{"eve', {}, 400, 'invalid_json'],
    ['an array with a rest', '[{"event":"a"}] x', {}, 400, 'invalid_json'],
    ['a truncated object', '{"event":"a"', {}, 400, 'invalid_json'],
    ['two objects without NDJSON declared', '{"event":"a"}\n{"event":"b"}', {}, 400, 'invalid_json'],
    ['an unknown encoding', GOOD, { 'content-encoding': 'compress' }, 415, 'unsupported_encoding'],
    ['two encodings', GOOD, { 'content-encoding': 'gzip, br' }, 415, 'unsupported_encoding'],
    [
      'a name of every object as encoding',
      GOOD,
      { 'content-encoding': 'constructor' },
      415,
      'unsupported_encoding',
    ],
    ['no gzip', GOOD, { 'content-encoding': 'gzip' }, 400, 'invalid_encoding'],
    ['no br', GOOD, { 'content-encoding': 'br' }, 400, 'invalid_encoding'],
    ['no zstd', GOOD, { 'content-encoding': 'zstd' }, 400, 'invalid_encoding'],
  ])('%s', async (_, body, headers, status, code) => {
    const harness = await start();
    const response = await harness.post(body, headers);
    expect(response.json()).toMatchObject({ status, code, retry: false });
    expect(response.statusCode).toBe(status);
    expect(await harness.events()).toEqual([]);
    expect(await harness.rejected()).toMatchObject([{ code }]);
    expect((await harness.post(GOOD)).statusCode).toBe(200);
  });

  it.each(Object.entries(ENCODERS))('a truncated %s body', async (encoding, encode) => {
    const harness = await start();
    const whole = encode(JSON.stringify(Array.from({ length: 500 }, (_, i) => ({ event: `e${i * 7919}` }))));
    const response = await harness.post(whole.subarray(0, whole.length - 10), {
      'content-encoding': encoding,
    });
    expect(response.json()).toMatchObject({ code: 'invalid_encoding' });
    expect(await harness.events()).toEqual([]);
  });

  it.each([
    ['?sent_at=yesterday', 'sent_at'],
    ['?sent_at=', 'sent_at'],
    ['?sent_at=1&sent_at=2', 'sent_at'],
    ['?sentAt=1', 'sentAt'],
  ])('the query %s', async (query, field) => {
    const harness = await start();
    const response = await harness.post(GOOD, {}, query);
    expect(response.json()).toMatchObject({ status: 400, code: 'invalid_parameter', field });
  });
});

describe('bad bytes between good lines', () => {
  const cases: [string, string, string | Uint8Array][] = [
    ['malformed JSON', 'invalid_json', '{"event":"x",}'],
    ['a NUL behind the event', 'invalid_json', '{"event":"x"}\0'],
    ['a control character alone', 'invalid_json', '\u0001'],
    ['truncated JSON', 'invalid_json', '{"event":"x","properties":{"a":'],
    ['NaN', 'invalid_json', '{"event":"x","properties":{"a":NaN}}'],
    ['a number beyond all doubles', 'out_of_range', '{"event":"x","properties":{"a":1e400}}'],
    [
      'invalid UTF-8',
      'invalid_utf8',
      Uint8Array.from([...Buffer.from('{"event":"'), 0xff, ...Buffer.from('"}')]),
    ],
    ['a lone surrogate', 'lone_surrogate', '{"event":"x","properties":{"a":"\\ud800"}}'],
    ['a duplicate key', 'duplicate_key', '{"event":"x","properties":{"a":1,"a":2}}'],
    ['colliding paths', 'ambiguous_path', '{"event":"x","properties":{"a.b":1,"a":{"b":2}}}'],
    ['an unknown field', 'unknown_field', '{"event":"x","value":1}'],
    ['depth 33', 'too_deep', `{"event":"x","properties":${'{"a":'.repeat(32)}{}${'}'.repeat(33)}`],
    ['a far future', 'timestamp_in_future', '{"event":"x","timestamp":"2027-01-01T00:00:00Z"}'],
    ['a time before 1970', 'invalid_timestamp', '{"event":"x","timestamp":"1969-12-31T23:59:59Z"}'],
    ['a time without a zone', 'invalid_timestamp', '{"event":"x","timestamp":"2026-11-23T10:00:00"}'],
  ];

  it.each(cases)('%s: %s', async (_, code, line) => {
    const harness = await start();
    const body = Buffer.concat([
      Buffer.from('{"event":"a"}\n'),
      Buffer.from(line as string),
      Buffer.from('\n{"event":"b"}'),
    ]);
    const response = await harness.post(body, { 'content-type': 'application/x-ndjson' });
    expect(response.json()).toMatchObject({ accepted: 2, rejected: 1, errors: [{ index: 1, code }] });
    expect((await harness.events()).map((e) => e.event.event).sort()).toEqual(['a', 'b']);
    expect(await harness.rejected()).toMatchObject([{ code }]);
  });

  it('takes __proto__ as an ordinary name, depth 32, and a far past', async () => {
    const harness = await start();
    const lines = [
      '{"event":"a","properties":{"__proto__":{"x":1}}}',
      `{"event":"b","properties":${'{"a":'.repeat(31)}{}${'}'.repeat(32)}`,
      '{"event":"c","timestamp":"1970-03-01T00:00:00Z"}',
    ];
    const response = await harness.post(lines.join('\n'), { 'content-type': 'application/x-ndjson' });
    expect(response.json()).toMatchObject({ accepted: 3, rejected: 0 });
  });
});

describe('a Log that fails', () => {
  it('acknowledges nothing, says so, and goes on when the Log is back', async () => {
    let broken = true;
    const failure = () => new MillraceError({ code: 'log_unavailable', message: 'The disk is full.' });
    const harness = await start({ failAppend: () => (broken ? failure() : null) });
    const response = await harness.post(GOOD);
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBeDefined();
    expect(response.json()).toMatchObject({ code: 'log_unavailable', retry: true });
    await harness.post('{"event":1}');
    // The second finds what the first could not write, and cannot say so yet.
    await harness.ingest.drain();
    await harness.ingest.drain();
    expect(await harness.metrics.read('millrace_ingest_rejected_dropped_total')).toBe(2);
    expect(harness.ingest.totals().accepted).toBe(0);
    broken = false;
    expect(await harness.leftOut()).toEqual({ log_unavailable: 1, wrong_type: 1 });
    expect((await harness.post(GOOD)).statusCode).toBe(200);
    expect(await harness.metrics.read('millrace_ingest_pending_bytes')).toBe(0);
  });

  it('acknowledges nothing of a request when one of its partitions fails', async () => {
    const harness = await start({
      wrap: (log) => ({
        ...log,
        append: (topic, partition, records) =>
          partition === 2
            ? Promise.reject(new Error('partition 2 is away'))
            : log.append(topic, partition, records),
      }),
    });
    const response = await harness.post(JSON.stringify(Array.from({ length: 8 }, () => ({ event: 'a' }))));
    expect(response.statusCode).toBe(503);
    expect(response.json()).not.toHaveProperty('accepted');
  });
});

describe('more than can be stored', () => {
  it('answers 503 while earlier requests wait for the Log, and then goes on', async () => {
    const gate = Promise.withResolvers<void>();
    const harness = await start({
      settings: { pendingBytes: 1_000_000 },
      wrap: (log) => ({
        ...log,
        append: async (topic, partition, records) => {
          if (topic === 'events') await gate.promise;
          return log.append(topic, partition, records);
        },
      }),
    });
    const large = JSON.stringify(
      Array.from({ length: 15 }, () => ({ event: 'a', properties: { text: 'x'.repeat(50_000) } })),
    );
    const first = harness.post(large);
    await expect.poll(() => harness.metrics.read('millrace_ingest_pending_bytes')).toBe(large.length);
    const second = await harness.post(large);
    expect(second.statusCode).toBe(503);
    expect(second.headers['retry-after']).toBe('1');
    expect(second.json()).toMatchObject({ code: 'overloaded', retry: true });
    gate.resolve();
    expect((await first).json()).toMatchObject({ accepted: 15 });
    expect((await harness.post(large)).statusCode).toBe(200);
    expect(await harness.metrics.read('millrace_ingest_pending_bytes')).toBe(0);
  });

  it('survives clients that go away in the middle of a body', async () => {
    const harness = await start();
    const address = await listen(harness.server, { host: '127.0.0.1', port: 0 });
    for (const encoding of ['identity', 'gzip']) {
      await new Promise<void>((done) => {
        const request = httpRequest(`${address}/v1/events`, {
          method: 'POST',
          headers: { 'content-length': 5_000, 'content-encoding': encoding },
        });
        request.on('error', () => {});
        request.on('close', done);
        harness.server.server.once('request', () => request.destroy());
        request.write(gzipSync('[{"event":"a"},').subarray(0, 12));
      });
    }
    await expect.poll(() => harness.metrics.read('millrace_ingest_pending_bytes')).toBe(0);
    await expect.poll(() => harness.ingest.totals().requests).toBe(2);
    const alive = await fetch(`${address}/v1/events`, { method: 'POST', body: GOOD });
    expect(await alive.json()).toMatchObject({ accepted: 1 });
  });

  it('drops what the rejected topic cannot take in time, and counts it', async () => {
    const gate = Promise.withResolvers<void>();
    const harness = await start({
      settings: { rejectedBytes: 1e8 },
      wrap: (log) => ({
        ...log,
        append: async (topic, partition, records) => {
          if (topic === 'rejected') await gate.promise;
          return log.append(topic, partition, records);
        },
      }),
    });
    for (let i = 0; i < 50; i++) {
      const response = await harness.post(Array.from({ length: 100 }, () => '{}').join('\n'), {
        'content-type': 'application/x-ndjson',
      });
      expect(response.json()).toMatchObject({ rejected: 100 });
    }
    gate.resolve();
    const kept = (await harness.rejected()).length;
    expect(kept).toBeGreaterThanOrEqual(2_000);
    expect(kept).toBeLessThan(5_000);
    expect(kept + (await harness.metrics.read('millrace_ingest_rejected_dropped_total'))).toBe(5_000);
  });

  it('cuts what it keeps of a refused text to 1 KB, between characters', async () => {
    const harness = await start();
    await harness.post(`{"event":1,"x":"${'é'.repeat(2_000)}"}`);
    const [record] = await harness.rejected();
    expect(Buffer.byteLength(record!.body)).toBeLessThanOrEqual(1_024);
    expect(Buffer.byteLength(record!.body)).toBeGreaterThan(1_000);
    expect(record!.body).not.toContain('\uFFFD');
  });
});
