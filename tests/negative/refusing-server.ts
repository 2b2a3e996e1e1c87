import { eventually } from '../testing/eventually.ts';
import { startMemoryMillrace } from '../testing/memory-millrace.ts';

/** The callers in the tables: each name means a key in the state that it describes. */
export const CALLERS = [
  'nobody',
  'operator',
  'writer',
  'reader',
  'limited reader',
  'reader of one page',
  'writer of one page',
  'expired reader',
  'revoked reader',
] as const;
export type CallerName = (typeof CALLERS)[number];

export interface World {
  url: string;
  /** Returns the key of a caller; null for `nobody`. */
  keyOf(caller: CallerName): string | null;
  /** Makes another key, for a case that revokes it or waits until it expires. */
  make(grant: object): Promise<{ id: string; key: string }>;
  revoke(id: string): Promise<void>;
  close(): Promise<void>;
}

export const OPERATOR = 'the-operator-s-own-long-random-key';
export const PAGE = 'https://shop.example';

const METRIC = { event: 'order', aggregate: 'count', window: '1s' };
const GRANTS: Partial<Record<CallerName, object>> = {
  writer: { scope: 'write' },
  reader: { scope: 'read' },
  'limited reader': { scope: 'read', metrics: ['orders'] },
  'reader of one page': { scope: 'read', origins: [PAGE] },
  'writer of one page': { scope: 'write', origins: [PAGE] },
  'revoked reader': { scope: 'read' },
};

/** Millrace on the reference adapters with keys, two metrics (`orders`, `users`), and limits that a test can reach. */
export async function startWorld(env: Record<string, string> = {}): Promise<World> {
  const millrace = await startMemoryMillrace({
    MILLRACE_ADMIN_KEY: OPERATOR,
    MILLRACE_VIEWS: '2',
    MILLRACE_MESSAGES: '50',
    MILLRACE_MESSAGE_BYTES: '20000',
    MILLRACE_BATCH_BYTES: '200000',
    MILLRACE_BATCH_EVENTS: '100',
    MILLRACE_EVENT_BYTES: '2000',
    ...env,
  });
  const { url } = millrace;
  const admin = async (method: string, path: string, body?: object): Promise<Response> => {
    const headers = { authorization: `Bearer ${OPERATOR}`, 'content-type': 'application/json' };
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${url}${path}`, { method, headers, ...init });
    if (!answer.ok) throw new Error(await answer.text());
    return answer;
  };
  const make = async (grant: object): Promise<{ id: string; key: string }> =>
    (await (await admin('POST', '/v1/keys', { name: 'a case', ...grant })).json()) as {
      id: string;
      key: string;
    };
  const revoke = async (id: string): Promise<void> => void (await admin('DELETE', `/v1/keys/${id}`));

  for (const id of ['orders', 'users']) await admin('PUT', `/v1/metrics/${id}`, METRIC);
  const keys = new Map<CallerName, string>([['operator', OPERATOR]]);
  for (const [name, grant] of Object.entries(GRANTS)) {
    const { id, key } = await make(grant);
    keys.set(name as CallerName, key);
    if (name === 'revoked reader') await revoke(id);
  }
  keys.set('expired reader', await makeExpired(url, make));
  return {
    url,
    keyOf: (caller) => keys.get(caller) ?? null,
    make,
    revoke,
    close: () => millrace.close(),
  };
}

async function makeExpired(url: string, make: World['make']): Promise<string> {
  const { key } = await make({ scope: 'read', expires: new Date(Date.now() + 500).toISOString() });
  const headers = { authorization: `Bearer ${key}` };
  await eventually(
    () => fetch(`${url}/v1/metrics`, { headers }),
    ({ status }) => status === 401,
  );
  return key;
}
