import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createQueryClient, MillraceError } from './query-client.ts';

interface Answer {
  status?: number;
  text: string;
}

let server: Server;
let url: string;
let asked: { line: string; key: string | undefined }[];
let answers: Answer[];
beforeEach(async () => {
  asked = [];
  answers = [];
  server = createServer((request: IncomingMessage, response) => {
    asked.push({ line: `${request.method} ${request.url}`, key: request.headers.authorization });
    const { status = 200, text } = answers.shift() ?? { text: '' };
    response.writeHead(status).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/below`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const event = (offset: number) => ({
  event: 'order',
  id: null,
  key: null,
  timestamp: 1,
  received: 2,
  position: { partition: 0, offset, index: 0 },
  properties: {},
});
const page = (offsets: readonly number[], next: string | null): Answer => ({
  text: JSON.stringify({ events: offsets.map(event), searched: null, next }),
});

it('asks for events by their own names, times and filters', async () => {
  answers = [page([], null)];
  const asks = createQueryClient({ url, key: 'secret' });
  const from = new Date('2026-11-29T14:00:00Z');
  await asks.events({ from, event: ['a', 'b&c'], where: { plan: 'pro' }, limit: 7, id: undefined });
  const where = encodeURIComponent('{"plan":"pro"}').replaceAll('%20', '+');
  const line = `GET /below/v1/events?from=2026-11-29T14%3A00%3A00.000Z&event=a&event=b%26c&where=${where}&limit=7`;
  expect(asked).toEqual([{ line, key: 'Bearer secret' }]);
});

it('reads page after page, only when the next event is wanted', async () => {
  answers = [page([9, 8], 'x'), page([], 'y'), page([5], null)];
  const seen: number[] = [];
  for await (const { position } of createQueryClient({ url }).eachEvent({ limit: 2 })) {
    seen.push(position.offset);
    if (position.offset === 9) expect(asked).toHaveLength(1);
  }
  expect(seen).toEqual([9, 8, 5]);
  const lines = ['limit=2', 'limit=2&cursor=x', 'limit=2&cursor=y'];
  expect(asked.map(({ line }) => line)).toEqual(lines.map((query) => `GET /below/v1/events?${query}`));
});

it('asks for the key before each request', async () => {
  const keys = ['one', 'two'];
  const asks = createQueryClient({ url, key: async () => keys.shift()! });
  const none = { text: JSON.stringify({ rejected: [], leftOut: {}, next: null }) };
  answers = [none, none];
  await asks.rejected({ code: ['invalid_key', 'wrong_type'] });
  await asks.rejected();
  expect(asked).toEqual([
    { line: 'GET /below/v1/rejected?code=invalid_key%2Cwrong_type', key: 'Bearer one' },
    { line: 'GET /below/v1/rejected', key: 'Bearer two' },
  ]);
});

it('rejects with what Millrace refused', async () => {
  const problem = { type: 'urn:millrace:error:out_of_range', code: 'out_of_range', detail: 'Too many.' };
  answers = [{ status: 400, text: JSON.stringify({ ...problem, field: 'limit' }) }];
  const refused = await createQueryClient({ url })
    .events({ limit: 5_000 })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(MillraceError);
  expect(refused).toMatchObject({ code: 'out_of_range', field: 'limit', message: 'Too many.' });
});

it.each([
  ['a page of HTML', { status: 502, text: '<html>' }, / answered 502, and not as Millrace does/],
  ['a text with status 200', { text: 'Welcome!' }, / answered 200: events: /],
  [
    'a code that is not one of Millrace',
    { status: 400, text: '{"code":"nope"}' },
    / answered 400, and not as Millrace does/,
  ],
  ['an event without a position', { text: '{"events":[{}],"searched":null,"next":null}' }, /events\.0/],
])('rejects with an error that is not one of Millrace for %s', async (_, answer, message) => {
  answers = [answer];
  const refused = await createQueryClient({ url })
    .events()
    .catch((error: unknown) => error);
  expect(refused).not.toBeInstanceOf(MillraceError);
  expect(String(refused)).toMatch(message);
});

it('ends with the signal of its caller', async () => {
  const gone = new AbortController();
  const fetch: typeof globalThis.fetch = (_, request) =>
    new Promise((_, reject) => {
      request!.signal!.addEventListener('abort', () => reject(request!.signal!.reason), { once: true });
      gone.abort(new Error('no longer wanted'));
    });
  await expect(createQueryClient({ url, fetch }).events({}, { signal: gone.signal })).rejects.toThrow(
    'no longer wanted',
  );
});

it('asks for a view as an address has it', async () => {
  answers = [{ status: 400, text: '' }];
  const view = {
    metric: 'a b',
    range: { this: 'day' },
    window: '1h',
    groupBy: [],
    top: { limit: 3 },
  } as const;
  await createQueryClient({ url })
    .series({ ...view, groupBy: [] })
    .catch(() => {});
  const [range, top] = [{ this: 'day' }, { limit: 3 }].map((one) => encodeURIComponent(JSON.stringify(one)));
  expect(asked[0]!.line).toBe(
    `GET /below/v1/metrics/a%20b/series?range=${range}&window=1h&top=${top}&groupBy=`,
  );
});

it('erases the events of a key', async () => {
  answers = [{ text: JSON.stringify({ removed: 3, before: 1, logUntil: null, metrics: ['orders'] }) }];
  const erased = await createQueryClient({ url }).eraseEvents('u 7');
  expect([asked[0]!.line, erased.removed]).toEqual(['DELETE /below/v1/events?key=u+7', 3]);
});

it.each([{ url: 'localhost:8080' }, { url: 'ftp://x' }, { key: 7 }])('refuses %j at once', (options) => {
  expect(() => createQueryClient({ url: 'http://x', ...(options as object) })).toThrow(TypeError);
});
