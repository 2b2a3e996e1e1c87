import { afterAll, beforeAll, expect, it } from 'vitest';
import { ERRORS, type ErrorCode } from '#contracts/errors.ts';
import type { EventError } from '#contracts/event/event.ts';
import { createRandom } from '../sim/random.ts';
import { eventually } from '../testing/eventually.ts';
import { readSeries, total } from '../testing/series.ts';
import { readElements, readEvent, trim } from './account.ts';
import { type BodyCase, bodyCase } from './body-case.ts';
import { INPUTS, SEED } from './run-settings.ts';
import { type Answer, sendBody, stopSending } from './send-body.ts';
import { type MutationServer, startServer } from './start-server.ts';

const AT_ONCE = 16;
/** Bytes that may stay in use for each event that the memory store keeps, and beside them. */
const HELD = { event: 4_000, base: 48_000_000 };

let server: MutationServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  stopSending();
  await server.close();
});

/** The sum of all answers. */
const sum = { accepted: 0, duplicates: 0, rejected: 0, refused: 0, unanswered: 0, good: 0, short: 0 };

it(`accounts for every event of ${INPUTS} mutated bodies (seed ${SEED})`, async () => {
  for (const name of ['good', 'victim']) await define(name);
  const random = createRandom(SEED);
  const before = await server.heap();
  let left = INPUTS;
  const work = async (): Promise<void> => {
    while (left-- > 0) {
      const { request } = bodyCase(random);
      const answer = await sendBody(server.url, request);
      expect(server.ended()).toBeNull();
      judge(request, answer);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(sum.accepted).toBeGreaterThan(INPUTS);
  expect(sum.rejected).toBeGreaterThan(INPUTS / 10);
  expect(sum.refused).toBeGreaterThan(INPUTS / 20);
  await agrees(before);
}, 300_000);

async function define(name: string): Promise<void> {
  const response = await fetch(`${server.url}/v1/metrics/${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ event: name, aggregate: 'count', window: '1s' }),
  });
  expect(response.status, await response.clone().text()).toBeLessThan(300);
}

function judge(request: BodyCase, answer: Answer | null): void {
  const context = `${JSON.stringify(request)} → ${JSON.stringify(answer)}`;
  if (request.framing === 'short') sum.short++;
  if (answer === null) {
    expect(request.framing, context).toBe('long');
    sum.unanswered++;
    return;
  }
  const { status, body } = answer;
  if (status !== 200) judgeProblem(answer, context);
  const elements = readElements(request);
  if (body.accepted === undefined) {
    sum.refused++;
    expect(elements, `readable, but refused: ${context}`).toBeNull();
    return;
  }
  expect(elements, `not readable, but judged: ${context}`).not.toBeNull();
  judgeAccount(elements!, body as never, context);
}

function judgeProblem({ status, body }: Answer, context: string): void {
  const spec = ERRORS[body.code as ErrorCode];
  expect(spec, `no code: ${context}`).toBeDefined();
  expect({ status, inside: body.status, code: body.code }, context).toMatchObject({
    status: spec.status,
    inside: spec.status,
  });
  expect(body.code, context).not.toBe('internal');
}

interface Account {
  accepted: number;
  duplicates: number;
  rejected: number;
  errors: EventError[];
}

function judgeAccount(elements: string[], account: Account, context: string): void {
  const { accepted, duplicates, rejected, errors } = account;
  expect(accepted + duplicates + rejected, context).toBe(elements.length);
  const refused = new Map(errors.map((error) => [error.index, error]));
  expect(refused.size, context).toBe(rejected);
  const identities = new Set<string>();
  let unique = 0;
  for (const [index, element] of elements.entries()) {
    const error = refused.get(index);
    const event = readEvent(trim(element));
    if (error !== undefined) {
      expect(Object.keys(ERRORS), context).toContain(error.code);
      expect(isGood(element), `a good neighbour was refused: ${context}`).toBe(false);
      continue;
    }
    expect(event, `accepted what is no event: ${context}`).not.toBeNull();
    const { id, key, event: name } = event!;
    const identity = JSON.stringify([key ?? null, id]);
    if (id !== undefined && identities.has(identity)) continue;
    identities.add(identity);
    unique++;
    if (name === 'good') sum.good++;
  }
  expect(unique, context).toBe(accepted);
  sum.accepted += accepted;
  sum.duplicates += duplicates;
  sum.rejected += rejected;
}

const isGood = (element: string): boolean =>
  /^\{"event":"good","id":"[0-9a-f]{16}"(,"key":"k\d")?,"properties":\{"page":"(\/a|\/b\xc3\xa9|\/\xf0\x9f\x98\x80)","n":(0|[1-9]\d?)\}\}$/.test(
    trim(element),
  );

/** The counters, the metric, the topic of refused events and the memory agree with the answers. */
async function agrees(before: number): Promise<void> {
  const events = (outcome: string) => server.measured(`millrace_ingest_events_total{outcome="${outcome}"}`);
  for (const outcome of ['accepted', 'duplicates', 'rejected'] as const)
    expect(await events(outcome), outcome).toBe(sum[outcome]);
  const whole = INPUTS - (await server.measured('millrace_ingest_requests_total'));
  expect(whole, 'requests that were not counted').toBe(0);
  const taken = (outcome: string) =>
    server.measured(`millrace_aggregator_events_total{outcome="${outcome}"}`);
  // An odd id, such as "__proto__", comes in more than one request.
  const folded = async () => (await taken('folded')) + (await taken('duplicate'));
  await eventually(folded, (n) => n === sum.accepted);
  expect(await taken('rejected')).toBe(0);
  await eventually(
    async () => total(await readSeries(server.url, 'good', '?range=30m')),
    (n) => n === sum.good,
  );
  const dropped = await server.measured('millrace_ingest_rejected_dropped_total');
  const codes = await server.rejected();
  expect(await server.measured('millrace_ingest_refused_total', 'of="event"')).toBe(sum.rejected);
  const refused = await server.measured('millrace_ingest_refused_total', 'of="request"');
  // Behind a body that is longer than its length says are bytes that are no request.
  const behind = refused - sum.refused - sum.unanswered;
  expect(behind).toBeGreaterThanOrEqual(0);
  expect(behind).toBeLessThanOrEqual(sum.short);
  expect(codes.length + dropped).toBe(sum.rejected + refused);
  for (const code of new Set(codes)) expect(Object.keys(ERRORS)).toContain(code);
  expect((await fetch(`${server.url}/live`)).status).toBe(200);
  expect(await server.measured('millrace_ingest_pending_bytes')).toBe(0);
  const grown = (await server.heap()) - before;
  expect(grown, `${grown} bytes more are in use`).toBeLessThan(HELD.base + HELD.event * sum.accepted);
  expect(server.output()).toBe('');
}
