import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { startMemoryMillrace } from '../../tests/testing/memory-millrace.ts';
import { createClient } from '../index.ts';
import type { Client, ViewListener, ViewSubscription } from '../types.ts';

/** What a reader sees of a view: why it is refused, or its groups with the sum of their values. */
type Seen = { refused: string } | { groups: Record<string, number> } | null;

let millrace: Awaited<ReturnType<typeof startMemoryMillrace>>;
beforeAll(async () => {
  millrace = await startMemoryMillrace({ MILLRACE_RETIRE_AFTER: '0' });
});
afterAll(() => millrace.close());

/** A page. After a final refusal of its view it asks again after a while, since the definition may have changed. */
function openPage(client: Client, request: ViewRequest) {
  let seen: Seen = null;
  let open: ViewSubscription;
  let again: NodeJS.Timeout | undefined;
  const listener: ViewListener = {
    onChange({ series }) {
      const groups = [...series.values()].map(({ group, cells }) => {
        const values = [...cells.values()].map((outputs) => outputs[0] ?? 0);
        return [group.join(), values.reduce((sum, value) => sum + value, 0)] as const;
      });
      seen = { groups: Object.fromEntries(groups.filter(([, sum]) => sum > 0)) };
    },
    onRefused({ code, retry }) {
      seen = { refused: code };
      if (retry) return;
      again = setTimeout(() => {
        const before = open;
        open = client.subscribe(request, { ...listener });
        before.close();
      }, 100);
    },
  };
  open = client.subscribe(request, listener);
  return {
    read: () => seen,
    close: () => {
      clearTimeout(again);
      open.close();
    },
  };
}

const call = async (method: string, path: string, body?: object): Promise<void> => {
  const answer = await fetch(`${millrace.url}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!answer.ok && answer.status !== 404) throw new Error(await answer.text());
  await answer.body?.cancel();
};

const METRIC = { event: 'open_views', aggregate: 'count', window: '10s' };
const STEPS = {
  put: (id: string) => call('PUT', `/v1/metrics/${id}`, { ...METRIC, groupBy: ['a'] }),
  'put with another dimension': (id: string) =>
    call('PUT', `/v1/metrics/${id}`, { ...METRIC, groupBy: ['b'] }),
  'put with another filter': (id: string) =>
    call('PUT', `/v1/metrics/${id}`, { ...METRIC, groupBy: ['a'], where: { b: 'x' } }),
  delete: (id: string) => call('DELETE', `/v1/metrics/${id}`),
  send: () =>
    call('POST', '/v1/events', { event: 'open_views', properties: { a: 'one', b: 'x' } }).then(() =>
      call('POST', '/v1/events', { event: 'open_views', properties: { a: 'two', b: 'y' } }),
    ),
} as const;

it('an open page comes to show what a fresh one shows, whatever became of its metric', async () => {
  const client = createClient({ url: millrace.url, onError: () => {} });
  let run = 0;
  // Some changes come once the page shows the previous one, others while it is still on its way.
  const step = fc.tuple(fc.constantFrom(...(Object.keys(STEPS) as (keyof typeof STEPS)[])), fc.boolean());
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 6 }), async (steps) => {
      const id = `open_views_${run++}`;
      const requests: ViewRequest[] = [{ metric: id }, { metric: id, groupBy: ['a'] }];
      const pages = requests.map((request) => openPage(client, request));
      const settle = (): Promise<unknown> =>
        Promise.all(
          requests.map((request, i) => eventually(() => compare(pages[i]!.read(), request), Boolean)),
        );
      await STEPS.put(id);
      for (const [name, settles] of steps) {
        await STEPS[name](id);
        if (settles) await settle();
      }
      await settle();
      for (const page of pages) page.close();
    }),
    { numRuns: 10, endOnFailure: true },
  );
  await client.close();
}, 240_000);

/** Whether a page shows the same as one that is opened now. */
async function compare(shown: Seen, request: ViewRequest): Promise<boolean> {
  const client = createClient({ url: millrace.url, onError: () => {} });
  const page = openPage(client, request);
  const fresh = await eventually(page.read, (seen) => seen !== null);
  page.close();
  await client.close();
  return JSON.stringify(sorted(shown)) === JSON.stringify(sorted(fresh));
}

const sorted = (seen: Seen): unknown =>
  seen !== null && 'groups' in seen ? Object.entries(seen.groups).sort(([a], [b]) => (a < b ? -1 : 1)) : seen;

it('serves a subscriber again once its refused view is allowed', async () => {
  const client = createClient({ url: millrace.url, onError: () => {} });
  await STEPS.put('made_again');
  await STEPS.send();
  const page = openPage(client, { metric: 'made_again' });
  await eventually(page.read, (seen) => seen !== null && 'groups' in seen && 'one' in seen.groups);
  await STEPS.delete('made_again');
  await eventually(page.read, (seen) => seen !== null && 'refused' in seen);
  await STEPS.put('made_again');
  await STEPS.send();
  // The history of the new one is filled in, so it holds both.
  expect(
    await eventually(page.read, (seen) => seen !== null && 'groups' in seen && (seen.groups.one ?? 0) > 1),
  ).toBeTruthy();
  page.close();
  await client.close();
});
