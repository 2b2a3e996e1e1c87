import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface Sending {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Default: the attacker's own address. */
  from?: string;
}

export interface Got {
  /** 0: none came. */
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** ms until the whole answer was there. */
  took: number;
}

export interface Attacker {
  /** Sends a request and counts its answer; never rejects. */
  send(sending: Sending): Promise<Got>;
  /** As `send`, with a body of JSON. */
  sendJson(method: string, path: string, body: unknown): Promise<Got>;
  /** Posts events in batches of `size`, several at once, and each again while the answer says to retry. */
  post(events: readonly object[], size?: number): Promise<void>;
  /** Opens a connection that writes these bytes and never ends its side by itself; its errors are ignored. */
  dial(first: string | Uint8Array, from?: string): Socket;
  count(name: string): void;
  /** Ends the connections of requests, which are kept for the next ones; what was dialed stays. */
  rest(): void;
  /** Answers by status and code. */
  readonly counts: Record<string, number>;
  close(): void;
}

const PATIENCE = 120_000;
const ADDRESS = '127.0.0.2';
const AT_ONCE = 4;
const TRIES = 100;

const codeOf = (text: string): string => /"code":\s*"(\w+)"/.exec(text.slice(0, 2_000))?.[1] ?? '';
const nothing = (took: number): Got => ({ status: 0, headers: {}, text: '', took });

/** Requests and connections of the attackers: on loopback, from addresses that are not the honest client's. */
export function createAttacker(url: string, key: string | null): Attacker {
  const agents = new Map<string, Agent>();
  const sockets = new Set<Socket>();
  const counts: Record<string, number> = {};
  const { hostname, port } = new URL(url);
  const count = (name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const agentOf = (from: string): Agent => {
    const agent = agents.get(from) ?? new Agent({ keepAlive: true });
    agents.set(from, agent);
    return agent;
  };
  const send = async (sending: Sending): Promise<Got> => {
    const agent = agentOf(sending.from ?? ADDRESS);
    const got = await ask({ host: hostname, port: Number(port) }, agent, sending, key);
    count(
      got.status === 0 ? 'no answer' : `${got.status} ${got.status < 400 ? '' : codeOf(got.text)}`.trim(),
    );
    return got;
  };
  const rest = (): void => {
    for (const agent of agents.values()) agent.destroy();
    agents.clear();
  };
  return {
    send,
    sendJson: (method, path, body) =>
      send({ method, path, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    post: (events, size = 5_000) => postAll(send, events, size),
    dial(first, from = ADDRESS) {
      const socket = connect({ host: hostname, port: Number(port), localAddress: from, allowHalfOpen: true });
      sockets.add(socket);
      socket.on('error', () => count('reset'));
      socket.on('close', () => sockets.delete(socket));
      socket.resume();
      socket.write(first);
      return socket;
    },
    count,
    counts,
    rest,
    close() {
      rest();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function ask(
  to: { host: string; port: number },
  agent: Agent,
  { method = 'GET', path, headers = {}, body, from = ADDRESS }: Sending,
  key: string | null,
): Promise<Got> {
  const begun = performance.now();
  const took = (): number => Math.round(performance.now() - begun);
  return new Promise((resolve) => {
    const options = {
      ...to,
      agent,
      method,
      path,
      localAddress: from,
      timeout: PATIENCE,
      headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
    };
    const call = request(options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', () => resolve(nothing(took())));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: answer.statusCode!, headers: answer.headers, text, took: took() });
      });
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(nothing(took())));
    call.end(body);
  });
}

async function postAll(send: Attacker['send'], events: readonly object[], size: number): Promise<void> {
  const headers = { 'content-type': 'application/x-ndjson' };
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < events.length) {
      const batch = events.slice(next, next + size);
      next += size;
      const body = batch.map((event) => JSON.stringify(event)).join('\n');
      for (let tries = 0; tries < TRIES; tries++) {
        const { status, headers: said } = await send({ method: 'POST', path: '/v1/events', headers, body });
        if (status !== 429 && status < 500 && status !== 0) break;
        const after = Number(said['retry-after'] ?? 0.1) * 1_000;
        await new Promise((resolve) => setTimeout(resolve, after));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
