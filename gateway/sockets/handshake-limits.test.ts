import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { enter, TRANSPORTS, type Transport } from '../testing/enter.ts';
import { openHandlers } from '../testing/socket-handlers.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';
import { createSocketServer, type SocketServer } from './socket-server.ts';

const WAIT = { timeout: 15_000, interval: 20 };

interface Answer {
  status: number | undefined;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
}

/** Begins a connection; the answer to that where it is refused, null where it is not. */
async function begin(url: string, transport: Transport, headers = {}, query = ''): Promise<Answer | null> {
  const address = `${url}/socket.io/?EIO=4&transport=${transport}${query}`;
  const refused = await (transport === 'polling' ? poll(address, headers) : upgrade(address, headers));
  if (refused === null) return null;
  const body = JSON.parse(await text(refused)) as Record<string, unknown>;
  return { status: refused.statusCode, headers: refused.headers, body };
}

async function poll(address: string, headers: object): Promise<IncomingMessage | null> {
  const [answer] = (await once(get(address, { headers: { ...headers } }), 'response')) as [IncomingMessage];
  if (answer.statusCode !== 200) return answer;
  answer.resume();
  return null;
}

const upgrade = (address: string, headers: object): Promise<IncomingMessage | null> =>
  new Promise((resolve, reject) => {
    const client = new WebSocket(address.replace('http', 'ws'), { headers: { ...headers } });
    client.on('open', () => resolve(null));
    client.on('unexpected-response', (_, answer) => resolve(answer));
    client.on('error', reject);
  });

describe.each(TRANSPORTS)('a flood of handshakes over %s', (transport) => {
  let gateway: TestGateway;
  let now = 1_000_000;
  const clock = () => now;
  afterEach(() => gateway.close());
  const tooMany = {
    status: 429,
    headers: expect.objectContaining({ 'retry-after': '1', 'content-type': 'application/json' }),
    body: { code: 'too_many_handshakes', message: expect.any(String), retry: true },
  };
  const outcomes = async (n: number, headers = {}): Promise<(Answer | null)[]> => {
    const all: (Answer | null)[] = [];
    for (let i = 0; i < n; i++) all.push(await begin(gateway.url, transport, headers));
    return all;
  };

  it('from one address is refused, while other addresses connect', async () => {
    gateway = await startGateway({ handshakesPerAddress: 3, proxies: 1 }, { clock });
    const from = (address: string) => ({ 'x-forwarded-for': address });
    expect(await outcomes(5, from('2001:db8::1'))).toEqual([null, null, null, tooMany, tooMany]);
    // The same network of 2^64 addresses.
    expect(await outcomes(1, from('2001:db8::2'))).toEqual([tooMany]);
    expect(await outcomes(2, from('198.51.100.9'))).toEqual([null, null]);
    now += 1_000;
    expect(await outcomes(1, from('2001:db8::1'))).toEqual([null]);
    expect(await gateway.metrics.read('millrace_gateway_refused_total')).toBe(3);
  });

  it('is refused beyond what the gateway takes', async () => {
    gateway = await startGateway({ handshakes: 2 }, { clock });
    expect(await outcomes(3)).toEqual([null, null, tooMany]);
    now += 500;
    expect(await outcomes(2)).toEqual([null, tooMany]);
  });

  it('counts requests for sessions that are not there, and no request of one that is', async () => {
    gateway = await startGateway({ handshakesPerAddress: 3 }, { clock });
    const { socket } = await enter(gateway, { transport });
    const beats = vi.fn();
    socket.on('beat', beats);
    const ask = async (): Promise<number | undefined> => {
      const address = `${gateway.url}/socket.io/?EIO=4&transport=${transport}&sid=nobody-s`;
      const answer = await (transport === 'polling' ? poll(address, {}) : upgrade(address, {}));
      answer?.resume();
      return answer?.statusCode;
    };
    expect([await ask(), await ask(), await ask()]).toEqual([400, 400, 429]);
    await vi.waitFor(() => expect(beats.mock.calls.length).toBeGreaterThan(1), WAIT);
    expect(socket.connected).toBe(true);
  });

  it('does not disturb open connections', async () => {
    gateway = await startGateway({ handshakes: 4 }, { clock });
    const { socket } = await enter(gateway, { transport });
    const beats = vi.fn();
    socket.on('beat', beats);
    await outcomes(10);
    await vi.waitFor(() => expect(beats.mock.calls.length).toBeGreaterThan(1), WAIT);
    expect(socket.connected).toBe(true);
  });

  it('answers with the status of the code', async () => {
    gateway = await startGateway({ connectionsPerAddress: 1 });
    const origin = 'http://elsewhere.example';
    expect(await begin(gateway.url, transport, { origin })).toMatchObject({
      status: 403,
      body: { code: 'forbidden_origin', retry: false },
    });
    expect(await begin(gateway.url, transport, { host: 'elsewhere.example' })).toMatchObject({
      status: 403,
      body: { code: 'forbidden_host', retry: false },
    });
    expect(await outcomes(2)).toMatchObject([
      null,
      { status: 429, headers: { 'retry-after': '1' }, body: { code: 'too_many_connections', retry: true } },
    ]);
  });

  it('is refused where its address holds a key', async () => {
    gateway = await startGateway();
    const key = `mr_0123456789ab_${'0123456789abcdef'.repeat(3)}`;
    const refused = await begin(gateway.url, transport, {}, `&key=${key}`);
    expect(refused).toMatchObject({ status: 400, body: { code: 'key_in_url', retry: false } });
    expect(JSON.stringify(refused)).not.toContain(key);
  });

  it('is refused while the gateway stops', async () => {
    gateway = await startGateway({ spread: 2_000 });
    await enter(gateway, { transport });
    void gateway.gateway.drain();
    await vi.waitFor(
      async () =>
        expect(await begin(gateway.url, transport)).toMatchObject({
          status: 503,
          headers: { 'retry-after': '1' },
          body: { code: 'shutting_down', retry: true },
        }),
      WAIT,
    );
  });
});

it('counts handshakes that come in one piece', async () => {
  const gateway = await startGateway({ connectionsPerAddress: 3 });
  const { hostname, port } = new URL(gateway.url);
  const client = connect(Number(port), hostname);
  const request = `GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`;
  let heard = '';
  client.on('data', (data) => (heard += data));
  client.write(request.repeat(8));
  const statuses = () => [...heard.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
  await vi.waitFor(() => expect(statuses()).toHaveLength(8), WAIT);
  expect(statuses()).toEqual([200, 200, 200, 429, 429, 429, 429, 429]);
  client.destroy();
  await gateway.close();
});

describe('a connection without an authenticated client', () => {
  let http: Server;
  let sockets: SocketServer;
  let opened: number;
  let closed: number;
  let url: string;
  beforeEach(async () => {
    opened = 0;
    closed = 0;
    http = createServer();
    sockets = createSocketServer(
      { messageBytes: 10_000, credit: 65_536, proxies: 0, authenticationTimeout: 200 },
      openHandlers({
        opened: () => void opened++,
        closed: () => void closed++,
        connected: () => ({ message: () => {}, gone: () => {} }),
      }),
    );
    sockets.attach(http);
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await sockets.close();
    http.closeAllConnections();
    await new Promise((done) => http.close(() => done(null)));
  });

  it.each(TRANSPORTS)('counts over %s, and ends soon', async (transport) => {
    expect(await begin(url, transport)).toBeNull();
    await vi.waitFor(() => expect([opened, closed]).toEqual([1, 1]), WAIT);
  });

  it('ends also where its client does not answer', async () => {
    const port = Number(new URL(url).port);
    const client = connect(port, '127.0.0.1');
    const lines = [
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
      'Host: 127.0.0.1',
      'Upgrade: websocket',
    ];
    lines.push(
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    );
    client.write(`${lines.join('\r\n')}\r\n\r\n`);
    const ended = once(client.resume(), 'close');
    await ended;
    expect([opened, closed]).toEqual([1, 1]);
  });

  it('ends after its client has left', async () => {
    const client = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    await once(client, 'open');
    const left = once(client, 'close');
    client.send('40');
    client.send('41');
    await left;
    await vi.waitFor(() => expect([opened, closed]).toEqual([1, 1]), WAIT);
  });
});
