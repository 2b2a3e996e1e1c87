import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENTRY_CASES, type EntryCase, FOREIGN_PAGES, OWN } from './entry-cases.ts';
import { fetchRaw, openSocket, TRANSPORTS, type Transport } from './open-socket.ts';
import { startWorld, type World } from './refusing-server.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

const keyOf = ({ by }: EntryCase): string | null => (typeof by === 'string' ? world.keyOf(by) : by.text);

function headersOf({ origin, host }: EntryCase): Record<string, string> {
  const page = origin === OWN ? new URL(world.url).origin : origin;
  return { ...(page === undefined ? {} : { origin: page }), ...(host === undefined ? {} : { host }) };
}

async function overHttp(one: EntryCase): Promise<string> {
  const key = keyOf(one);
  const authorization: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  const address = `${world.url}/v1/metrics/${one.metric ?? 'orders'}/series`;
  const { text } = await fetchRaw(address, { ...headersOf(one), ...authorization });
  return (JSON.parse(text) as { code: string }).code;
}

/** `inHeader`: the key is in the headers of the first request, as programs may send it. */
async function overSocket(one: EntryCase, transport: Transport, inHeader: boolean): Promise<string | null> {
  const key = keyOf(one);
  const headers = headersOf(one);
  const arrival =
    key === null
      ? { headers }
      : inHeader
        ? { headers: { ...headers, authorization: `Bearer ${key}` } }
        : { headers, auth: { key } };
  const { socket, code } = await openSocket(world.url, transport, arrival);
  if (socket === null) return code;
  const reply = await socket
    .timeout(20_000)
    .emitWithAck('subscribe', { request: { metric: one.metric ?? 'orders' } });
  socket.close();
  return reply.ok ? null : reply.error.code;
}

describe('over HTTP', () => {
  it.each(ENTRY_CASES)('$case: $by → $code', async (one) => {
    expect(await overHttp(one)).toBe(one.code);
  });
});

describe.each(TRANSPORTS)('over %s', (transport) => {
  it.each([...ENTRY_CASES, ...FOREIGN_PAGES])('$case: $by → $code', async (one) => {
    expect(await overSocket(one, transport, false)).toBe(one.code);
    expect(await overSocket(one, transport, true)).toBe(one.code);
  });

  it('accepts a caller that may connect', async () => {
    for (const inHeader of [true, false]) {
      const reader: EntryCase = { case: '', by: 'reader', origin: OWN, code: 'internal' };
      expect(await overSocket(reader, transport, inHeader)).toBeNull();
    }
  });
});
