import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ErrorCode } from '#contracts/errors.ts';
import { problemOf } from '#platform/http/refusals/problem.ts';
import { createClient } from '../index.ts';
import type { Client } from '../types.ts';

interface Sent {
  id: string;
  event: string;
  timestamp: string;
  properties?: Record<string, unknown>;
}
type Answer = { status: number; body: unknown; headers?: Record<string, string> } | 'hang-up';

let server: Server;
let url: string;
let client: Client;
let errors: unknown[];
let requests: Sent[][];
let queries: URLSearchParams[];
let answers: Answer[];

const problem = (code: ErrorCode, message: string) => problemOf({ code, message });
const accepted = (n: number): Answer => ({
  status: 200,
  body: { accepted: n, late: 0, duplicates: 0, rejected: 0, errors: [] },
});

beforeEach(async () => {
  [errors, requests, queries, answers] = [[], [], [], []];
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const events = JSON.parse(text) as Sent[];
    requests.push(events);
    queries.push(new URL(request.url!, 'http://x').searchParams);
    const answer = answers.shift() ?? accepted(events.length);
    if (answer === 'hang-up') return void request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const environment = { random: () => 0.01 };
  client = createClient({ url: `${url}/`, onError: (e) => errors.push(e), environment });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await client.close();
  server.closeAllConnections();
  server.close();
});

it('sends events of one moment in one request, in order', async () => {
  await Promise.all([
    client.track('a', { n: 1 }),
    client.track('b'),
    client.track('c', { deep: { x: [1] } }),
  ]);
  expect(requests).toHaveLength(1);
  expect(requests[0]!.map((e) => e.event)).toEqual(['a', 'b', 'c']);
  expect(requests[0]![2]!.properties).toEqual({ deep: { x: [1] } });
  expect(new Set(requests[0]!.map((e) => e.id)).size).toBe(3);
  expect(Number(queries[0]!.get('sent_at'))).toBeGreaterThan(0);
});

it('retries with the same ids until the answer comes', async () => {
  answers.push('hang-up', { status: 503, body: {}, headers: { 'retry-after': '0' } });
  await client.track('a', { n: 1 });
  expect(requests).toHaveLength(3);
  expect(requests[1]).toEqual(requests[0]);
  expect(requests[2]).toEqual(requests[0]);
  expect(errors).toEqual([]);
});

it('refuses exactly the events that the server refused', async () => {
  const fault = { index: 1, id: null, code: 'too_deep', field: 'properties', message: 'Too deep.' };
  answers.push({ status: 200, body: { accepted: 2, late: 0, duplicates: 0, rejected: 1, errors: [fault] } });
  const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((name) => client.track(name)));
  expect(outcomes.map((o) => o.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(outcomes[1]).toMatchObject({ reason: { code: 'too_deep', field: 'properties' } });
  expect(errors).toHaveLength(1);
});

it('halves a request that is too large for the server', async () => {
  answers.push({ status: 413, body: problem('too_many_events', 'At most 2.') });
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => client.track(name)));
  expect(requests.map((r) => r.map((e) => e.event).join(''))).toEqual(['abcd', 'ab', 'cd']);
});

it('gives up what is refused as a whole, and goes on with the next', async () => {
  answers.push({ status: 403, body: problem('forbidden_host', 'Not here.') });
  await expect(client.track('a')).rejects.toMatchObject({ code: 'forbidden_host', message: 'Not here.' });
  await client.track('b');
  expect(requests.at(-1)!.map((e) => e.event)).toEqual(['b']);
});

it('is harmless when the promise of a refused event is ignored', async () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  void client.track('a', circular);
  await vi.waitFor(() => expect(errors).toMatchObject([{ code: 'wrong_type' }]));
});

it('is bounded: the oldest is dropped and counted, the others are kept', async () => {
  const tracked = Array.from({ length: 10_001 }, (_, i) => client.track('a', { i }));
  await expect(tracked[0]).rejects.toMatchObject({ code: 'overloaded' });
  expect([client.dropped, client.waiting]).toEqual([1, 10_000]);
  await Promise.all(tracked.slice(1));
  expect(requests.flat().map((e) => e.properties!.i)).toEqual(
    Array.from({ length: 10_000 }, (_, i) => i + 1),
  );
  expect(client.waiting).toBe(0);
});

it('reads the account of a request in which every event was refused', async () => {
  const faults = ['unknown_field', 'too_deep'].map((code, index) => ({
    index,
    id: null,
    code,
    message: code,
  }));
  const account = { accepted: 0, late: 0, duplicates: 0, rejected: 2, errors: faults };
  answers.push({ status: 400, body: { ...problem('unknown_field', 'All 2.'), ...account } });
  const outcomes = await Promise.allSettled([client.track('a'), client.track('b')]);
  expect(outcomes).toMatchObject([{ reason: { code: 'unknown_field' } }, { reason: { code: 'too_deep' } }]);
});

it('sends a key, an id and a time that were given', async () => {
  const timestamp = Date.UTC(2026, 10, 23, 10);
  await client.track('a', {}, { key: 'u_42', id: 'order-1', timestamp });
  await client.track('b', {}, { timestamp: new Date(timestamp) });
  await client.track('seconds', {}, { timestamp: timestamp / 1_000 });
  await expect(client.track('c', {}, { timestamp: Number.NaN })).rejects.toMatchObject({
    code: 'wrong_type',
  });
  const time = '2026-11-23T10:00:00.000Z';
  expect(requests[0]).toMatchObject([{ event: 'a', key: 'u_42', id: 'order-1', timestamp: time }]);
  expect(requests[1]).toMatchObject([{ event: 'b', timestamp: time }]);
  expect(requests[2]).toMatchObject([{ event: 'seconds', timestamp: time }]);
});

it('waits as long as Retry-After says, in seconds or until a date, and at most 10 min', async () => {
  const now = Date.UTC(2026, 10, 23, 9, 59);
  for (const wait of [
    '1e15',
    'Mon, 23 Nov 2026 10:00:00 GMT',
    'Mon, 23 Nov 2026 09:00:00 GMT',
    '-5',
    'soon',
    '',
  ])
    answers.push({ status: 503, body: {}, headers: { 'retry-after': wait } });
  const waits: number[] = [];
  const after = (ms: number, call: () => void) => {
    // Each request has its own time limit, which stays as it is.
    const isLimit = ms === 30_000;
    if (!isLimit) waits.push(ms);
    const timer = setTimeout(call, isLimit ? ms : Math.min(ms, 10));
    return () => clearTimeout(timer);
  };
  const patient = createClient({ url, environment: { random: () => 0, after, clock: () => now } });
  await patient.track('a');
  await patient.close();
  expect(waits).toEqual([100, 600_000, 60_000, 0, 0, 0, 0]);
});

it('does not give up while the server is away', async () => {
  const environment = { random: () => 0 };
  const patient = createClient({ url, onError: (e) => errors.push(e), environment });
  answers.push(...Array.from({ length: 30 }, () => ({ status: 503, body: {} })));
  await patient.track('a');
  expect(requests).toHaveLength(31);
  expect(new Set(requests.map(([e]) => e!.id)).size).toBe(1);
  await patient.close();
  expect(errors).toEqual([]);
});

it('sends what waits when it is closed, and takes nothing more', async () => {
  const waiting = client.track('a');
  await client.close();
  await waiting;
  expect(requests.flat()).toHaveLength(1);
  await expect(client.track('b')).rejects.toMatchObject({ code: 'shutting_down' });
});
