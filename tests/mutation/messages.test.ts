import { once } from 'node:events';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ERRORS, type ErrorCode } from '#contracts/errors.ts';
import type { Refusal } from '#contracts/view/protocol.ts';
import { connectRaw, follow, type RawClient, totals } from '../protocol/raw-client.ts';
import { createRandom, type Random } from '../sim/random.ts';
import { eventually } from '../testing/eventually.ts';
import { type MessageCase, messageCase, packetCase } from './message-case.ts';
import { INPUTS, SEED } from './run-settings.ts';
import { type MutationServer, startServer } from './start-server.ts';

const TURN = 100;
/** Bytes that may stay in use when all senders of garbage are gone. */
const GROWTH = 32_000_000;

let server: MutationServer;
let watcher: RawClient;
let posted = 0;
let random: Random;
beforeAll(async () => {
  server = await startServer();
  random = createRandom(SEED);
  const body = JSON.stringify({ event: 'good', aggregate: 'count', window: '1s' });
  const headers = { 'content-type': 'application/json' };
  const made = await fetch(`${server.url}/v1/metrics/good`, { method: 'PUT', headers, body });
  expect(made.status).toBeLessThan(300);
  watcher = await connectRaw(server.url, 'websocket');
});
afterAll(async () => {
  watcher?.close();
  await server.close();
});

/** Another client's view has what was posted meanwhile, and the process lives. */
async function goesOn(held: () => number): Promise<void> {
  const response = await fetch(`${server.url}/v1/events`, { method: 'POST', body: '{"event":"good"}' });
  expect(response.status).toBe(200);
  posted++;
  await eventually(held, (count) => count === posted);
  expect((await fetch(`${server.url}/live`)).status).toBe(200);
  expect(server.ended()).toBeNull();
}

function judge(refusal: Refusal, context: string): void {
  const spec = ERRORS[refusal?.code as ErrorCode];
  expect(spec, context).toBeDefined();
  expect(refusal.code, context).not.toBe('internal');
  expect(refusal, context).toMatchObject({ retry: spec.retry, message: expect.stringMatching(/./) });
}

/** Sends; where an answer is due, waits for it and judges it. A valid message that is no subscription has none. */
async function send(socket: Socket, { event, args, asks }: MessageCase): Promise<boolean> {
  if (!asks || isSilent(event, args[0])) {
    socket.emit(event, ...args);
    return false;
  }
  const context = `${event} ${JSON.stringify(args).slice(0, 300)}`;
  const answer = await socket
    .timeout(30_000)
    .emitWithAck(event, ...args)
    .catch((error: Error) => expect.fail(`${context}: ${error.message}`));
  if (answer.ok !== true) judge(answer.error, context);
  return true;
}

function isSilent(event: string, body: unknown): boolean {
  const { view, to, on } = (body ?? {}) as Record<string, unknown>;
  if (event === 'unsubscribe') return typeof view === 'string';
  return event === 'ack' ? Number.isSafeInteger(to) : event === 'tail' && typeof on === 'boolean';
}

it(`answers ${INPUTS} mutated messages and packets, and others notice nothing (seed ${SEED})`, async () => {
  const { contents } = await follow(watcher, { request: { metric: 'good', range: '30m' } });
  const held = () => Object.values(totals(contents)).reduce((sum, n) => sum + n, 0);
  await goesOn(held);
  const before = await server.heap();
  let answered = 0;
  for (let sent = 0; sent < INPUTS; sent += TURN) {
    const raw = sent % (3 * TURN) === 0;
    if (raw) await sendPackets(TURN);
    else answered += await sendMessages(TURN);
    await goesOn(held);
  }
  expect(answered).toBeGreaterThan(INPUTS / 5);
  expect(watcher.notices).toEqual([]);
  // The senders are gone, and nothing of them is left.
  await eventually(
    () => server.measured('millrace_gateway_viewers'),
    (viewers) => viewers === 1,
  );
  await eventually(
    async () => (await server.heap()) - before,
    (grown) => grown < GROWTH,
  );
  expect(server.output()).toBe('');
}, 300_000);

/** Sends messages of one client all at once; returns how many were answered. */
async function sendMessages(count: number): Promise<number> {
  const client = await connectRaw(server.url, random.below(3) === 0 ? 'polling' : 'websocket');
  const messages = Array.from({ length: count }, () => messageCase(random));
  const answers = await Promise.all(messages.map((message) => send(client.socket, message)));
  // All messages before it have been handled when this one is answered.
  const last = await client.subscribe({ request: { metric: 'good' } });
  expect(last.ok).toBe(true);
  for (const notice of client.notices) judge(notice, 'notice');
  client.close();
  return answers.filter(Boolean).length;
}

/** Connects without the client library and sends packets until the server closes each connection, as it should after garbage. */
async function sendPackets(count: number): Promise<void> {
  let left = count;
  while (left > 0) {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    socket.on('error', () => {});
    await once(socket, 'open');
    if (random.below(4) > 0) socket.send('40');
    for (let i = random.below(8); i >= 0 && left > 0; i--, left--) socket.send(packetCase(random));
    socket.close();
    await once(socket, 'close');
  }
}
