/**
 * The load of chain.bench.ts, a process of its own: for each message `{ url, rate, seconds }` it posts bodies of 500
 * events at that rate, on schedule even when answers are late, and reports the outcomes. A rate of null posts as fast as
 * answers arrive.
 */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerOrders } from '../tests/testing/answer-orders.ts';
import { createDelays } from '../tests/testing/delays.ts';
import { createBodies, EVENTS_A_BODY } from './chain-events.ts';

export interface LoadOrder {
  url: string;
  /** Events a second. */
  rate: number | null;
  seconds: number;
}

export interface LoadReport {
  /** Events a second that were acknowledged as durable, until the last answer. */
  acknowledged: number;
  /** How late the last request was sent because it had to wait for answers, ms. */
  behind: number;
  /** Requests with another answer than 200. */
  refused: number;
  /** Of a request, ms. */
  answer: { p50: number | null; p99: number | null };
  /** This process's share of a core. */
  cpu: number;
}

/** Most concurrent requests; a server that is behind gets no more. */
const CONNECTIONS = 64;
const WIDE_OPEN = 16;

const nextBody = createBodies();

function post(url: string, agent: Agent, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-ndjson', 'content-length': body.length };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function run({ url, rate, seconds }: LoadOrder): Promise<LoadReport> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const delays = createDelays();
  const open = new Set<Promise<void>>();
  const [most, gap] = rate === null ? [WIDE_OPEN, 0] : [CONNECTIONS, (EVENTS_A_BODY * 1_000) / rate];
  let taken = 0;
  let refused = 0;
  const before = process.cpuUsage();
  const began = performance.now();
  const until = began + seconds * 1_000;
  const send = async (): Promise<void> => {
    const sent = performance.now();
    const status = await post(url, agent, nextBody());
    delays.add(performance.now() - sent);
    if (status === 200) taken += EVENTS_A_BODY;
    else refused++;
  };
  let due = began;
  while (performance.now() < until) {
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    while (open.size >= most) await Promise.race(open);
    const sending: Promise<void> = send().finally(() => open.delete(sending));
    open.add(sending);
    // Irregular, so that it does not resonate with a tick of the pipeline.
    due += gap * (0.5 + Math.random());
  }
  const behind = rate === null ? 0 : Math.round(Math.max(0, performance.now() - due));
  await Promise.all(open);
  const elapsed = performance.now() - began;
  const { user, system } = process.cpuUsage(before);
  agent.destroy();
  const { p50, p99 } = delays.summary();
  const acknowledged = Math.round((taken * 1_000) / elapsed);
  return { acknowledged, behind, refused, answer: { p50, p99 }, cpu: (user + system) / 1_000 / elapsed };
}

answerOrders(run);
