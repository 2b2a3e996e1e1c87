import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Built } from '#embedded/app.ts';
import { SECURITY_HEADERS } from '#platform/http/security-headers.ts';
import { startMemoryMillrace } from '../testing/memory-millrace.ts';

/** The answer to a request that is sent exactly as the table has it, which a browser or `fetch` would change. */
interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

const HOSTILE = encodeURIComponent('<img src=x onerror=alert(1)>');
const OPERATOR = 'the-operator-s-own-long-random-key';
const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
];
const POLLING = 'GET /socket.io/?EIO=4&transport=polling';
const WEBSOCKET = 'GET /socket.io/?EIO=4&transport=websocket';
const KEY = `Authorization: Bearer ${OPERATOR}`;
const FROM_ELSEWHERE = 'Origin: https://evil.example';

/** An answer by what asks for it: the first line without its version, and header lines. */
type Case = [kind: string, status: number, type: string, request: string, ...headers: string[]];
const JSON_TYPE = 'application/json';
const PROBLEM = 'application/problem+json';

// biome-ignore format: a table is read by its rows
const CASES: Case[] = [
  ['the page', 200, 'text/html', 'GET /'],
  ['the page of a board', 200, 'text/html', `GET /boards/${HOSTILE}`],
  ['a file of the page', 200, 'javascript', 'GET /assets/app.js'],
  ['a file the browser has', 304, '', 'GET /assets/app.js', 'If-None-Match: *'],
  ['no such file', 404, PROBLEM, `GET /assets/${HOSTILE}`],
  ['a way out of the folder', 400, PROBLEM, 'GET /assets/../../package.json'],
  ['the client', 200, 'javascript', 'GET /client.js'],
  ['its questions', 200, 'javascript', 'GET /query.js'],
  ['JSON', 200, JSON_TYPE, 'GET /v1/metrics', KEY],
  ['the description', 200, JSON_TYPE, 'GET /openapi.json'],
  ['an answer without a body', 200, '', 'HEAD /live'],
  ['the measurements', 200, 'text/plain', 'GET /metrics', KEY],
  ['nothing there', 404, PROBLEM, `GET /${HOSTILE}`],
  ['no such board', 404, PROBLEM, `GET /v1/boards/${HOSTILE}`, KEY],
  ['no such metric', 404, PROBLEM, `GET /v1/metrics/${HOSTILE}/series`, KEY],
  ['a parameter that nobody knows', 400, PROBLEM, `GET /v1/metrics/x/series?${HOSTILE}=1`, KEY],
  ['another method', 405, PROBLEM, `PATCH /v1/boards/x?${HOSTILE}`, KEY],
  ['an address that cannot be read', 400, PROBLEM, 'GET /%zz<img>'],
  ['no key', 401, PROBLEM, 'GET /v1/metrics'],
  ['no key that counts', 401, PROBLEM, 'GET /v1/metrics', `Authorization: Bearer ${HOSTILE}`],
  ['a key in the address', 400, PROBLEM, `GET /?key=mr_0123456789ab_${'0123456789abcdef'.repeat(3)}`],
  ['another host', 403, PROBLEM, 'GET /', `Host: ${HOSTILE}`],
  ['another origin', 403, PROBLEM, 'POST /v1/boards/x', `Origin: https://${HOSTILE}.example`],
  ['a body of no known type', 415, PROBLEM, 'PUT /v1/boards/x', KEY, 'Content-Type: text/html', 'Content-Length: 0'],
  ['an event that is refused', 400, PROBLEM, 'POST /v1/events', KEY, 'Content-Length: 0'],
  ['a preflight that is answered', 204, '', 'OPTIONS /v1/events', FROM_ELSEWHERE, 'Access-Control-Request-Method: POST'],
  ['a preflight that is not', 405, PROBLEM, 'OPTIONS /v1/metrics', FROM_ELSEWHERE, 'Access-Control-Request-Method: GET'],
  ['no HTTP', 400, PROBLEM, '<img src=x onerror=alert(1)>'],
  ['a head that is too large', 431, PROBLEM, 'GET /live', `X: ${'x'.repeat(40_000)}`],
  ['a handshake', 200, 'text/plain', POLLING],
  ['a handshake from elsewhere', 403, JSON_TYPE, POLLING, FROM_ELSEWHERE],
  ['a WebSocket from elsewhere', 403, JSON_TYPE, WEBSOCKET, FROM_ELSEWHERE, ...UPGRADE],
  ['a handshake of another host', 403, JSON_TYPE, POLLING, `Host: ${HOSTILE}`],
  ['a session that is not there', 400, JSON_TYPE, `${POLLING}&sid=${HOSTILE}`],
  ['a WebSocket of no session', 400, JSON_TYPE, `${WEBSOCKET}&sid=${HOSTILE}`, ...UPGRADE],
  ['a transport that is none', 400, JSON_TYPE, `GET /socket.io/?EIO=4&transport=${HOSTILE}`],
  ['a preflight of the sockets', 403, JSON_TYPE, 'OPTIONS /socket.io/?EIO=4&transport=polling', FROM_ELSEWHERE],
  ['beside the sockets', 404, PROBLEM, 'GET /socket.io'],
];

let folder: string;
let millrace: Awaited<ReturnType<typeof startMemoryMillrace>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-headers-'));
  millrace = await startMemoryMillrace({ MILLRACE_ADMIN_KEY: OPERATOR }, await pages(folder));
});
afterAll(async () => {
  await millrace?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the headers that bind a browser', () => {
  it.each(CASES)('%s: %i', async (_, status, type, request, ...lines) => {
    const answer = await ask(millrace.url, request, lines);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.headers).toMatchObject(SECURITY_HEADERS);
    expect(answer.headers['content-type'] ?? '').toMatch(type === '' ? /^$|json|html|javascript/ : type);
    // Hostile text may be echoed, but never as a page.
    if (answer.text.includes('<img'))
      expect(answer.headers['content-type']).toMatch(/^application\/(problem\+)?json/);
  });

  it('allow no inline script, no style attribute, no eval and no frame', () => {
    const policy = SECURITY_HEADERS['content-security-policy']!;
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(SECURITY_HEADERS).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });

  it('are on the refusals of a caller above its limit', async () => {
    const limited = await startMemoryMillrace({ MILLRACE_ADDRESS_REQUESTS: '1' });
    try {
      const answers = [];
      for (let i = 0; i < 12; i++) answers.push(ask(limited.url, 'GET /v1/metrics', []).catch(() => null));
      const refused = (await Promise.all(answers)).filter((answer) => answer?.status === 429);
      expect(refused.length).toBeGreaterThan(0);
      for (const answer of refused) expect(answer!.headers).toMatchObject(SECURITY_HEADERS);
    } finally {
      await limited.close();
    }
  });
});

describe('pages of other sites', () => {
  const PATHS = [
    '/',
    '/client.js',
    '/query.js',
    '/v1/metrics',
    '/v1/boards/x',
    '/v1/keys',
    '/v1/demo',
    '/metrics',
    '/ready',
  ];
  const preflights = PATHS.flatMap((path) =>
    ['GET', 'POST', 'PUT', 'DELETE'].map((method) => [method, path] as const),
  );
  const asks = (method: string) => [FROM_ELSEWHERE, `Access-Control-Request-Method: ${method}`];

  it.each<readonly [string, string]>([
    ...preflights,
    ['GET', '/v1/events/'],
    ['POST', '/v1/events/x'],
    ['POST', '//v1/events'],
    ['POST', '/socket.io/'],
    ['POST', '/V1/EVENTS'],
  ])('are let by no preflight to %s %s', async (method, path) => {
    const { headers } = await ask(millrace.url, `OPTIONS ${path}`, asks(method));
    expect(namesOf(headers)).toEqual([]);
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH'])('may not %s at the address of events', async (method) => {
    const { headers } = await ask(millrace.url, 'OPTIONS /v1/events', asks(method));
    expect(headers['access-control-allow-methods']).toBe('POST');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it.each([
    'GET /v1/metrics',
    'GET /v1/events',
    'GET /',
    'GET /client.js',
    'GET /query.js',
    'GET /socket.io/?EIO=4&transport=polling',
    'POST /v1/keys',
  ])('read nothing of %s', async (request) => {
    const { headers } = await ask(millrace.url, request, [FROM_ELSEWHERE, KEY, 'Content-Length: 0']);
    expect(namesOf(headers)).toEqual([]);
  });

  it('can read why they may not connect, where they ask, and nothing else', async () => {
    const request = 'GET /socket.io/?EIO=4&transport=websocket&why=1';
    const { status, headers, text } = await ask(millrace.url, request, [FROM_ELSEWHERE]);
    expect(status).toBe(403);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
    expect(Object.keys(JSON.parse(text))).toEqual(['code', 'message', 'retry']);
  });
});

const namesOf = (headers: object): string[] =>
  Object.keys(headers).filter((name) => name.startsWith('access-control'));

async function ask(url: string, request: string, lines: readonly string[]): Promise<Answer> {
  const { port, host } = new URL(url);
  const given = lines.some((line) => line.startsWith('Host:')) ? lines : [`Host: ${host}`, ...lines];
  const ends = lines.includes('Connection: Upgrade') ? [] : ['Connection: close'];
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  const first = request.startsWith('<') ? request : `${request} HTTP/1.1`;
  socket.write(`${[first, ...given, ...ends].join('\r\n')}\r\n\r\n`);
  const [head, ...body] = (await text(socket)).split('\r\n\r\n');
  const [status, ...fields] = head!.split('\r\n');
  const headers = fields.map((line) => /^([^:]+): (.*)$/s.exec(line)!.slice(1) as [string, string]);
  return {
    status: Number(status!.split(' ')[1]),
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    text: body.join('\r\n\r\n'),
  };
}

async function pages(root: string): Promise<Built> {
  const staticFolder = join(root, 'pages');
  await mkdir(join(staticFolder, 'assets'), { recursive: true });
  await writeFile(join(staticFolder, 'index.html'), '<!doctype html><title>Page</title>');
  await writeFile(join(staticFolder, 'assets', 'app.js'), 'export {};');
  for (const module of ['client.js', 'query.js']) await writeFile(join(root, module), 'export {};');
  return { staticFolder, clientFile: join(root, 'client.js') };
}
