import { connect } from 'node:net';
import { expect, test, vi } from 'vitest';
import { listen } from '#platform/http/listen.ts';
import { useIngest } from './testing/use-ingest.ts';

const start = useIngest();
const HTTP = { host: '127.0.0.1', port: 0, hosts: '', noKeys: false, proxies: 0, drain: 0 };
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
  expect(await harness.leftOut()).toEqual({ too_many_requests: limited - recorded });
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

test('a record says what is known of the request, and no address', async () => {
  const harness = await start({ keys: { good: KEY } });
  const agent = { 'user-agent': 'shop/1.0', authorization: `Bearer ${KEY}` };
  await harness.post('{"event":1}', agent);
  await harness.post('{"event"', agent);
  await harness.server.inject({
    method: 'POST',
    url: '/v1/events',
    headers: { host: 'localhost', authorization: 'Bearer wrong' },
    remoteAddress: '203.0.113.7',
  });
  const recorded = await harness.rejected();
  const known = { network: 'loopback', agent: 'shop/1.0', key: 'good' };
  expect(recorded).toMatchObject([
    { code: 'wrong_type', status: 400, field: 'event', body: '{"event":1}', ...known },
    { code: 'invalid_json', status: 400, body: '{"event"', ...known },
    { code: 'invalid_key', status: 401, body: '', network: 'public' },
  ]);
  expect(recorded[2]).not.toHaveProperty('key');
  expect(JSON.stringify(recorded)).not.toMatch(/203\.0|127\.0/);
});

test('no key and no Authorization header is in a record, wherever it was sent', async () => {
  const [unknown, password, admin] = [
    KEY.replace(/f$/, '0'),
    'Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==',
    'the-operator-s-own-long-random-key',
  ];
  const harness = await start({ keys: { good: KEY, admin } });
  const headers = (authorization: string) => ({ authorization, 'user-agent': `app (${authorization})` });
  const body = (text: string): string => JSON.stringify({ event: 1, [text]: { authorization: text } });
  for (const sent of [`Bearer ${KEY}`, `Bearer ${unknown}`, `Bearer ${admin}`, password]) {
    const secret = sent.split(' ')[1]!;
    await harness.post(body(sent), headers(sent));
    await harness.post(body(secret).slice(0, -2), headers(sent));
    await harness.post('{"event":"a"}', headers(sent), `?${secret}=1`);
    await harness.post(`[${'1,'.repeat(500)}"${secret}"`, headers(sent));
    await harness.server.inject({ method: 'POST', url: `/v1/${secret}`, headers: headers(sent) });
  }
  const recorded = JSON.stringify(await harness.rejected());
  expect(recorded).toContain('invalid_key');
  for (const secret of [KEY, unknown, admin, password]) {
    const hidden = secret.replace(/^mr_\w{12}_|^Basic /, '');
    expect(recorded).not.toContain(hidden.slice(0, 12));
    expect(recorded).not.toContain(hidden.slice(-12));
  }
});

test('events and requests are counted by code, whether they are recorded or not', async () => {
  const harness = await start({ settings: { rejectedBytes: 1_000 } });
  const lines = ['{"event":1}', '{"event":2}', 'x', '{"event":"a"}'];
  const batch = Array.from({ length: 400 }, (_, i) => lines[i % 4]!).join('\n');
  await harness.post(batch, { 'content-type': 'application/x-ndjson' });
  await harness.post('', {});
  const { text } = await harness.metrics.expose();
  const counted = text.split('\n').filter((line) => line.startsWith('millrace_ingest_refused_total'));
  for (const [of, code, n] of [
    ['event', 'wrong_type', 200],
    ['event', 'invalid_json', 100],
    ['request', 'empty_body', 1],
  ])
    expect(counted).toContain(`millrace_ingest_refused_total{of="${of}",code="${code}"} ${n}`);
  const recorded = await harness.rejected();
  const leftOut = await harness.leftOut();
  const all = (code: string) => recorded.filter((one) => one.code === code).length + (leftOut[code] ?? 0);
  expect([all('wrong_type'), all('invalid_json'), all('empty_body')]).toEqual([200, 100, 1]);
  // Others of the batch were accepted.
  expect(recorded.filter(({ status }) => status !== undefined)).toEqual([]);
  expect(recorded.length).toBeLessThan(60);
});

test('a flood of one code, from however many senders, leaves room for the others', async () => {
  const harness = await start({ keys: { good: KEY }, settings: { rejectedBytes: 1_000 } });
  const from = (address: number) => ({
    method: 'POST' as const,
    url: '/v1/events',
    headers: { host: 'localhost', authorization: 'Bearer wrong' },
    remoteAddress: `198.51.100.${address}`,
  });
  for (let i = 0; i < 250; i++) await harness.server.inject(from(i));
  await harness.post('{"event":1}');
  const codes = (await harness.rejected()).map(({ code }) => code);
  expect(codes.length).toBeLessThan(30);
  expect(codes.at(-1)).toBe('wrong_type');
  expect(await harness.leftOut()).toEqual({ invalid_key: 250 - (codes.length - 1) });
});

test('a body that does not come in time is recorded as that, with what there is of it', async () => {
  const harness = await start({ env: { MILLRACE_REQUEST_TIME: '200ms', MILLRACE_HEADER_TIME: '200ms' } });
  const address = new URL(await listen(harness.server, HTTP));
  const ask = async (text: string): Promise<string> => {
    const socket = connect(Number(address.port), address.hostname);
    socket.write(text);
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    return answer;
  };
  const head = 'POST /v1/events HTTP/1.1\r\nHost: localhost\r\nUser-Agent: slow\r\n';
  const answers = await Promise.all([
    ask(`${head}Content-Length: 100\r\n\r\n{"event":"half`),
    ask(head),
    ask(`${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"eve\r\nno chunk\r\n`),
    ask('\x16\x03\x01 hello'),
  ]);
  expect(answers.map((answer) => answer.slice(9, 12))).toEqual(['408', '408', '400', '400']);
  await vi.waitFor(async () => expect(await harness.rejected()).toHaveLength(4), { timeout: 20_000 });
  const recorded = (await harness.rejected()).map(({ code, status, body, agent }) => [
    code,
    status,
    body,
    agent,
  ]);
  expect(new Set(recorded.map((one) => JSON.stringify(one)))).toEqual(
    new Set(
      [
        ['request_timeout', 408, '{"event":"half', 'slow'],
        ['request_timeout', 408, '', undefined],
        ['not_http', 400, '{"eve', 'slow'],
        ['not_http', 400, '', undefined],
      ].map((one) => JSON.stringify(one)),
    ),
  );
  const { text } = await harness.metrics.expose();
  expect(text).toContain('millrace_ingest_requests_total{status="408"} 1');
});
