import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ERRORS, type ErrorCode } from '#contracts/errors.ts';
import { problemOf } from '#platform/http/refusals/problem.ts';
import { createClient } from '../index.ts';
import type { SentEvent } from '../testing/events-server.ts';
import type { Client } from '../types.ts';

type Between = (request: IncomingMessage, response: ServerResponse, events: SentEvent[]) => boolean;

let server: Server;
let client: Client;
let errors: unknown[];
/** What a proxy or firewall in between does to the next requests; returns true where it has answered one. */
let between: Between[];
let always: Between;
let counted: Map<string, number>;
let order: string[];

beforeEach(async () => {
  [errors, between, counted, order] = [[], [], new Map(), []];
  always = () => false;
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    if (request.url === '/login') return void response.end('<!doctype html>Sign in');
    const events = JSON.parse(text) as SentEvent[];
    if (always(request, response, events) || between.shift()?.(request, response, events)) return;
    for (const { id, event } of events) {
      counted.set(id, (counted.get(id) ?? 0) + 1);
      order.push(event);
    }
    response.end(
      JSON.stringify({ accepted: events.length, late: 0, duplicates: 0, rejected: 0, errors: [] }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const environment = { random: () => 0.01 };
  client = createClient({ url, onError: (error) => errors.push(error), environment });
});
afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
});

const says =
  (status: number, body = '', headers: Record<string, string> = {}): Between =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
    return true;
  };
const HTML = '<!doctype html><title>Blocked</title>';
const JSON_TYPE = { 'content-type': 'application/json' };

it.each<[string, Between]>([
  ...[
    200, 202, 204, 205, 400, 401, 402, 403, 404, 405, 408, 410, 425, 429, 451, 499, 500, 502, 503, 504, 511,
    599,
  ].map((status): [string, Between] => [
    `${status} with a page`,
    says(status, HTML, { 'content-type': 'text/html' }),
  ]),
  ['200 without a body', says(200)],
  ['200 with a cut account', says(200, '{"accepted":100,"duplicates":0,"reje', JSON_TYPE)],
  [
    '200 with an account of fewer events',
    says(200, '{"accepted":3,"duplicates":0,"rejected":0,"errors":[]}', JSON_TYPE),
  ],
  ['403 of another program', says(403, '{"code":"forbidden","detail":"No.","status":403}', JSON_TYPE)],
  ['a redirect to a login', says(302, '', { location: '/login' })],
  ['a redirect without an address', says(301)],
  [
    'a redirect to itself',
    (request, response) => says(307, '', { location: request.url! })(request, response, []),
  ],
  ['a connection cut before the answer', ({ socket }) => socket.destroy().destroyed],
  [
    'an answer cut in the middle',
    (request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"accepted":100,');
      request.socket.destroySoon();
      return true;
    },
  ],
])('retries until it counts what something between answered with %s', async (_, answer) => {
  between.push(answer, answer);
  await Promise.all(Array.from({ length: 100 }, (_, i) => client.track('a', { i })));
  expect([counted.size, Math.max(...counted.values())]).toEqual([100, 1]);
  expect(errors).toEqual([]);
});

/** All codes except those with status 413, after which the client sends smaller requests. */
const CODES = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => ERRORS[code].status !== 413);
it.each(CODES)("does with Millrace's own %s what its `retry` says", async (code) => {
  between.push(says(ERRORS[code].status, JSON.stringify(problemOf({ code, message: 'No.' }))));
  const sent = client.track('a').then(
    () => 'sent',
    (error) => error.code,
  );
  const denied = ERRORS[code].status === 401 || (ERRORS[code].status === 403 && code !== 'forbidden_host');
  if (denied) {
    await expect.poll(() => errors).toMatchObject([{ code }]);
    client.setKey('another');
  }
  expect(await sent).toBe(ERRORS[code].retry || denied ? 'sent' : code);
});

it('reports one event that is too large for a proxy, and sends the others', async () => {
  always = (request, response, events) =>
    events.some(({ event }) => event === 'large') && says(413, HTML)(request, response, events);
  const sent = ['a', 'b', 'large', 'c', 'd'].map((event) => client.track(event));
  const outcomes = await Promise.allSettled(sent);
  expect(outcomes.map(({ status }) => status[0]).join('')).toBe('ffrff');
  expect(errors).toMatchObject([{ code: 'body_too_large' }]);
  expect(order).toEqual(['a', 'b', 'c', 'd']);
});

it('sends the events that wait behind one that a firewall keeps blocking', async () => {
  let blocks = true;
  always = (request, response, events) =>
    blocks && events.some(({ event }) => event === 'script') && says(403, HTML)(request, response, events);
  const script = client.track('script');
  await Promise.all(['a', 'b', 'c'].map((event) => client.track(event)));
  expect(client.waiting).toBe(1);
  blocks = false;
  await script;
  expect(order).toEqual(['a', 'b', 'c', 'script']);
  expect(errors).toEqual([]);
});

it('keeps the order over an outage during which a proxy answers', async () => {
  between = Array.from({ length: 9 }, () => says(404, HTML));
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  await Promise.all(names.map((event) => client.track(event)));
  // One event may have been sent alone before the client noticed that all get through again.
  expect(order.toSorted()).toEqual(names);
  expect(order.slice(1)).toEqual(order.slice(1).toSorted());
});

it('sends the events behind the last error of a truncated list again', async () => {
  let omitted = 2;
  always = (request, response, events) => {
    const bad = events.flatMap(({ event }, index) => (event === 'bad' ? [index] : []));
    if (bad.length === 0) return false;
    const listed = bad.slice(0, Math.max(0, bad.length - omitted));
    omitted = 0;
    const list = listed.map((index) => ({ index, id: null, code: 'too_deep', message: 'No.' }));
    const rest = bad.length - list.length;
    const account = {
      accepted: events.length - bad.length,
      duplicates: 0,
      rejected: bad.length,
      errors: list,
    };
    return says(200, JSON.stringify({ ...account, ...(rest > 0 ? { omitted: rest } : {}) }))(
      request,
      response,
      events,
    );
  };
  const sent = ['bad', 'a', 'bad', 'bad', 'b'].map((event) => client.track(event));
  const outcomes = await Promise.allSettled(sent);
  expect(outcomes.map(({ status }) => status[0]).join('')).toBe('rfrrf');
});
