import { expect, test } from 'vitest';
import { useIngest } from './testing/use-ingest.ts';

const start = useIngest();
const KEY = 'mr_0123456789ab_0123456789abcdef0123456789abcdef0123456789abcdef';

test('what is refused before the body is read is counted by code and recorded', async () => {
  const harness = await start({ keys: { good: KEY } });
  const { server } = harness;
  const post = (url: string, headers: Record<string, string> = {}) =>
    server.inject({
      method: 'POST',
      url,
      payload: '{"event":"a"}',
      headers: { host: 'localhost', ...headers },
    });
  const answers = [
    await post('/v1/events', { authorization: 'Bearer wrong' }),
    await post('/v1/events', { host: 'evil.example' }),
    await post(`/v1/events?key=${KEY}`),
    await post('/v1/event'),
    await server.inject({ method: 'PUT', url: '/v1/events', headers: { host: 'localhost' } }),
  ];
  const codes = answers.map((answer) => answer.json<{ code: string }>().code);
  expect(codes).toEqual(['invalid_key', 'forbidden_host', 'key_in_url', 'not_found', 'method_not_allowed']);
  const { text } = await harness.metrics.expose();
  for (const code of codes) expect(text).toContain(`millrace_http_refusals_total{code="${code}"} 1`);
  const recorded = await harness.rejected();
  expect(recorded.map(({ code }) => code)).toEqual(codes);
  expect(JSON.stringify(recorded)).not.toContain(KEY);
});

test('what the limits of a caller refuse is counted, and recorded within the bound', async () => {
  const harness = await start({
    env: { MILLRACE_ADDRESS_REQUESTS: '10' },
    settings: { rejectedBytes: 1_000 },
  });
  const answers: number[] = [];
  for (let i = 0; i < 200; i++) answers.push((await harness.post('{"event":"a"}')).statusCode);
  const limited = answers.filter((status) => status === 429).length;
  expect(limited).toBeGreaterThan(100);
  const { text } = await harness.metrics.expose();
  expect(text).toContain(`millrace_http_refusals_total{code="too_many_requests"} ${limited}`);
  expect(text).toContain(`millrace_ingest_requests_total{status="429"} ${limited}`);
  const recorded = (await harness.rejected()).length;
  expect(recorded).toBeGreaterThan(0);
  expect(recorded).toBeLessThan(30);
  expect(recorded + (await harness.metrics.read('millrace_ingest_rejected_dropped_total'))).toBe(limited);
});

test('what the pipeline refuses is recorded once', async () => {
  const harness = await start();
  await harness.post('{"event":1}');
  await harness.post('', {});
  await harness.post('{"event":"a"}', { 'content-encoding': 'lzma' });
  expect((await harness.rejected()).map(({ code }) => code)).toEqual([
    'wrong_type',
    'empty_body',
    'unsupported_encoding',
  ]);
  const { text } = await harness.metrics.expose();
  expect(text).toContain('millrace_http_refusals_total{code="unsupported_encoding"} 1');
});
