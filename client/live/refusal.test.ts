import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { SubscribeReply } from '#contracts/view/protocol.ts';
import { createClient } from '../index.ts';
import { VIEW } from '../testing/count-view.ts';
import { type FakeGateway, startFakeGateway } from '../testing/fake-gateway.ts';
import { createRecorder, type Recorder } from '../testing/recorder.ts';
import type { Client } from '../types.ts';

let gateway: FakeGateway;
let client: Client;
let view: Recorder;
let errors: unknown[];

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });
const refusal = (code: 'store_unavailable' | 'unknown_metric', retry: boolean): SubscribeReply => ({
  ok: false,
  error: { code, message: 'No.', retry },
});

beforeEach(async () => {
  gateway = await startFakeGateway();
  gateway.set(0, 1);
  view = createRecorder();
  errors = [];
  const random = () => 0.05;
  client = createClient({ url: gateway.url, onError: (e) => errors.push(e), environment: { random } });
});
afterEach(async () => {
  await client.close();
  await gateway.close();
});

it('asks again by itself after a refusal that allows it, and reports it', async () => {
  gateway.answerOnce(() => refusal('store_unavailable', true));
  client.subscribe({ metric: 'counts' }, view);
  await until(() => expect(view.counts()).toEqual({ 0: 1 }));
  expect(view.refusals).toMatchObject([{ code: 'store_unavailable' }]);
});

it('does not ask again after a final refusal, until another subscriber comes', async () => {
  gateway.answerOnce(() => refusal('unknown_metric', false));
  const first = client.subscribe({ metric: 'counts' }, view);
  await until(() => expect(view.refusals).toHaveLength(1));
  // A second view, refused later but with a retry, shows that the time to ask again has passed.
  gateway.answerOnce(() => refusal('store_unavailable', true));
  const other = createRecorder();
  client.subscribe({ metric: 'counts', range: '1m' }, other);
  await until(() => expect(other.counts()).toEqual({ 0: 1 }));
  expect(gateway.asked.map(({ request }) => request.range)).toEqual([undefined, '1m', '1m']);
  client.subscribe({ metric: 'counts' }, createRecorder());
  await until(() => expect(view.counts()).toEqual({ 0: 1 }));
  first.close();
});

it('reports a refusal to onError where the listener does not hear it', async () => {
  gateway.answerOnce(() => refusal('unknown_metric', false));
  client.subscribe({ metric: 'counts' }, { onChange: () => {} });
  await until(() => expect(errors).toMatchObject([{ code: 'unknown_metric', message: 'No.' }]));
  gateway.answerOnce(() => refusal('unknown_metric', false));
  client.subscribe({ metric: 'counts' }, view);
  await until(() => expect(view.refusals).toHaveLength(1));
  expect(errors).toHaveLength(2);
});

it('reports a refusal it goes on asking about once', async () => {
  for (let i = 0; i < 3; i++) gateway.answerOnce(() => refusal('store_unavailable', true));
  const changes: unknown[] = [];
  client.subscribe({ metric: 'counts' }, { onChange: (contents) => changes.push(contents) });
  await until(() => expect(changes).toHaveLength(1));
  expect(gateway.asked).toHaveLength(4);
  expect(errors).toMatchObject([{ code: 'store_unavailable' }]);
});

it('resumes a view that the gateway ended and allows again', async () => {
  client.subscribe({ metric: 'counts' }, view);
  await until(() => expect(view.changes).toHaveLength(1));
  gateway.set(0, 2, false);
  gateway.notice({ code: 'store_unavailable', message: 'Lost.', retry: true, view: VIEW });
  await until(() => expect(view.counts()).toEqual({ 0: 2 }));
  expect(gateway.asked[1]?.cursor?.offset).toBe(101);
  expect(view.refusals).toHaveLength(1);
});

it('falls back to a snapshot where an answer does not join what it holds', async () => {
  client.subscribe({ metric: 'counts' }, view);
  await until(() => expect(view.changes).toHaveLength(1));
  gateway.answerOnce(() => ({ ...answer(gateway), frame: { epoch: 'other', from: 0, to: 5, views: [] } }));
  gateway.set(0, 2, false);
  gateway.set(0, 3);
  await until(() => expect(view.counts()).toEqual({ 0: 3 }));
  expect(gateway.asked[2]?.cursor).toBeUndefined();
});

it('reports an answer of wrong shape and asks again', async () => {
  gateway.answerOnce(() => ({ ok: true }) as never);
  client.subscribe({ metric: 'counts' }, view);
  await until(() => expect(view.counts()).toEqual({ 0: 1 }));
  expect(errors).toHaveLength(1);
});

function answer(of: FakeGateway): SubscribeReply & { ok: true } {
  return of.answer({ request: { metric: 'counts' } }) as SubscribeReply & { ok: true };
}
