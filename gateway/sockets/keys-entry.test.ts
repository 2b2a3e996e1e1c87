import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { enter, TRANSPORTS } from '../testing/enter.ts';
import { ADMIN, startGateway, type TestGateway } from '../testing/start-gateway.ts';

const WAIT = { timeout: 10_000, interval: 10 };
const SECRET = 'mr_0123456789ab_0123456789abcdef0123456789abcdef0123456789abcdef';

let gateway: TestGateway;
afterEach(() => gateway.close());

describe.each(TRANSPORTS)('a client that connects over %s where a key is needed', (transport) => {
  beforeEach(async () => {
    gateway = await startGateway({ connectionsPerKey: 2 }, { keysNeeded: true });
  });
  const heard = async (auth: object, headers: Record<string, string> = {}) =>
    (await enter(gateway, { transport, auth, headers })).refusal;

  it('shows a key in auth, or as the header of the first request', async () => {
    const { key } = await gateway.makeKey({});
    expect(await heard({ key })).toBeNull();
    expect(await heard({}, { authorization: `Bearer ${key}` })).toBeNull();
    expect(await heard({ key: ADMIN })).toBeNull();
    expect(await heard({ key: ADMIN }, { authorization: 'Basic dTpw' })).toBeNull();
  });

  it.each([
    ['none', {}, {}, 'missing_key'],
    ['an unknown one', { key: SECRET }, {}, 'invalid_key'],
    ['an unknown one as header', {}, { authorization: `Bearer ${SECRET}` }, 'invalid_key'],
    ['another scheme', {}, { authorization: 'Basic dTpw' }, 'invalid_key'],
    ['an empty one', { key: '' }, {}, 'invalid_key'],
    ['a huge one', { key: 'x'.repeat(10_000) }, {}, 'invalid_key'],
    ['one with a line break', { key: `${ADMIN}\n` }, {}, 'invalid_key'],
    ['a number', { key: 7 }, {}, 'invalid_message'],
    ['null', { key: null }, {}, 'invalid_message'],
    ['a list', { key: [ADMIN] }, {}, 'invalid_message'],
    ['an object', { key: { toString: 'x', length: 5 } }, {}, 'invalid_message'],
    ['one by way of the prototype', JSON.parse(`{"__proto__":{"key":"${ADMIN}"}}`), {}, 'missing_key'],
    ['fields of Socket.IO itself', { pid: ['x'], offset: {} }, {}, 'missing_key'],
  ])('is refused with %s', async (_, auth, headers, code) => {
    const refusal = await heard(auth, headers as Record<string, string>);
    expect(refusal).toMatchObject({ code, retry: false, message: expect.any(String) });
    expect(JSON.stringify(refusal)).not.toContain(SECRET);
    expect(JSON.stringify(refusal)).not.toContain(ADMIN);
    expect(gateway.gateway.totals().gauges.viewers).toBe(0);
  });

  it('may read, or is refused', async () => {
    expect(await heard({ key: (await gateway.makeKey({ scope: 'write' })).key })).toMatchObject({
      code: 'forbidden_scope',
      retry: false,
    });
    expect(await heard({ key: (await gateway.makeKey({ scope: ['read', 'write'] })).key })).toBeNull();
  });

  it('comes from a page of the key, or from a program', async () => {
    const other = await gateway.makeKey({ origins: ['https://shop.example'] });
    const own = await gateway.makeKey({ origins: [gateway.url] });
    const page = { origin: gateway.url };
    expect(await heard({ key: other.key }, page)).toMatchObject({
      code: 'forbidden_origin',
      field: 'origin',
    });
    expect(await heard({ key: own.key }, page)).toBeNull();
    expect(await heard({ key: other.key })).toBeNull();
  });

  it('is not in with more connections than a key may have', async () => {
    const [{ key }, other] = [await gateway.makeKey({}), await gateway.makeKey({})];
    const { socket } = await enter(gateway, { transport, auth: { key } });
    expect(await heard({ key })).toBeNull();
    expect(await heard({ key })).toMatchObject({ code: 'too_many_connections', retry: true });
    expect(await heard({ key: other.key })).toBeNull();
    socket.close();
    await vi.waitFor(async () => expect(await heard({ key })).toBeNull(), WAIT);
  });

  it('has no connection any more once refused', async () => {
    const { socket, refusal } = await enter(gateway, { transport });
    expect(refusal).not.toBeNull();
    const engine = socket.io.engine;
    await vi.waitFor(() => expect(engine.readyState).toBe('closed'), WAIT);
  });
});

describe('a connection', () => {
  const open = async (): Promise<{ client: WebSocket; heard: string[]; closed: () => boolean }> => {
    const client = new WebSocket(`${gateway.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const heard: string[] = [];
    let closed = false;
    client.on('message', (data) => heard.push(String(data)));
    client.on('close', () => {
      closed = true;
    });
    await once(client, 'open');
    return { client, heard, closed: () => closed };
  };

  it('is refused when it is entered twice at once, and ends', async () => {
    gateway = await startGateway({});
    const { client, heard, closed } = await open();
    for (let i = 0; i < 50; i++) client.send('40');
    await vi.waitFor(() => expect(closed()).toBe(true), WAIT);
    expect(heard.filter((text) => text.startsWith('40{')).length).toBeLessThan(2);
    await vi.waitFor(() => expect(gateway.gateway.totals().gauges.viewers).toBe(0), WAIT);
  });

  it.each([
    ['entries', '40'],
    ['entries of other namespaces', '40/x,'],
  ])('ends before thousands of %s in one request cost anything', async (_, packet) => {
    gateway = await startGateway();
    const address = `${gateway.url}/socket.io/?EIO=4&transport=polling`;
    const { sid } = JSON.parse((await (await fetch(address)).text()).slice(1)) as { sid: string };
    const at = `${address}&sid=${sid}`;
    const body = Array(900).fill(packet).join('\x1e');
    await fetch(at, { method: 'POST', body }).catch(() => null);
    expect((await fetch(at)).status).toBe(400);
    expect(await gateway.metrics.read('millrace_gateway_refused_total')).toBeLessThan(10);
    expect(gateway.gateway.totals().gauges.viewers).toBe(0);
  });

  it('is held to its origin when its client leaves and enters again', async () => {
    gateway = await startGateway({}, { keysNeeded: true });
    const { key } = await gateway.makeKey({ origins: ['https://shop.example'] });
    const client = new WebSocket(
      `${gateway.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`,
      { origin: gateway.url },
    );
    const heard: string[] = [];
    client.on('message', (data) => heard.push(String(data)));
    await once(client, 'open');
    client.send(`40{"key":"${ADMIN}"}`);
    await vi.waitFor(() => expect(heard.some((text) => text.startsWith('40{'))).toBe(true), WAIT);
    client.send('41');
    await vi.waitFor(() => expect(gateway.gateway.totals().gauges.viewers).toBe(0), WAIT);
    client.send(`40{"key":"${key}"}`);
    await vi.waitFor(() => expect(heard.at(-1)).toMatch(/^44.*forbidden_origin/), WAIT);
    client.close();
  });
});

it('accepts clients without a key where none is needed, and still reads one that is shown', async () => {
  gateway = await startGateway({});
  const { key, id } = await gateway.makeKey({ scope: 'write' });
  const heard = async (auth: object) => (await enter(gateway, { transport: 'websocket', auth })).refusal;
  expect(await heard({})).toBeNull();
  expect(await heard({ key: SECRET })).toMatchObject({ code: 'invalid_key' });
  expect(await heard({ key })).toMatchObject({ code: 'forbidden_scope' });
  await gateway.revoke(id);
  expect(await heard({ key })).toMatchObject({ code: 'invalid_key' });
});
