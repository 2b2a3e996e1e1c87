import { afterEach, expect, it, vi } from 'vitest';
import { ERRORS, type ErrorCode } from '#contracts/errors.ts';
import { createApi } from './api.ts';
import { createPageKey } from './page-key.ts';

afterEach(() => vi.unstubAllGlobals());

/** A server with one answer to every request, and the keys that it received. */
function serve(answer: object | ErrorCode, key: string | null = null) {
  const seen: (string | undefined)[] = [];
  vi.stubGlobal('fetch', async (_: string, { headers }: { headers: Record<string, string> }) => {
    seen.push(headers.authorization);
    if (typeof answer !== 'string') return Response.json(answer);
    return Response.json({ code: answer, detail: 'As programs read it.' }, { status: ERRORS[answer].status });
  });
  const keys = createPageKey(() => ({ getItem: () => key }) as unknown as Storage);
  const refused: string[] = [];
  keys.onRefused((code) => refused.push(code));
  return { api: createApi(keys), keys, seen, refused };
}

it('shows the key of the page, and none where there is none', async () => {
  const { api, seen } = serve({ boards: [] }, 'mr_one');
  await api.boards();
  expect(seen).toEqual(['Bearer mr_one']);
  const without = serve({ boards: [] });
  await without.api.boards();
  expect(without.seen).toEqual([undefined]);
});

it('explains to readers that a key is needed, and passes the refusal on', async () => {
  const { api, refused } = serve('missing_key');
  await expect(api.boards()).rejects.toMatchObject({
    code: 'missing_key',
    message: expect.stringContaining('key is needed'),
  });
  expect(refused).toEqual(['missing_key']);
});

it('knows no window of a metric that the key does not allow, and reads on', async () => {
  expect(await serve('forbidden_metric', 'mr_one').api.metricWindow('users')).toBeNull();
  await expect(serve('store_unavailable').api.metricWindow('users')).rejects.toThrow('As programs read it.');
});

it.each([
  ['invalid_key', 'invalid_key'],
  ['expired_key', 'expired_key'],
  ['forbidden_scope', 'forbidden_scope'],
] as const)('tries a key: %s', async (answer, code) => {
  const { api, seen, refused } = serve(answer, 'mr_one');
  expect(await api.tryKey('mr_two')).toBe(code);
  expect(seen).toEqual(['Bearer mr_two']);
  // The page's own key was not the one that was refused.
  expect(refused).toEqual([]);
});

it('tries a key that is taken, and passes on that a server cannot answer', async () => {
  expect(await serve({ boards: [] }).api.tryKey('mr_two')).toBeNull();
  await expect(serve('overloaded').api.tryKey('mr_two')).rejects.toThrow();
});

it('reads boards with the panels that show a metric, and leaves out what is damaged', async () => {
  const panels = [
    { id: 'p', title: 'Orders', view: { metric: 'orders' } },
    { id: 'tail', view: null },
    { id: 7, view: { metric: 'x' } },
    { id: 'q', view: { metric: 'users' } },
  ];
  const { api } = serve({ boards: [{ id: 'shop', title: 'Shop', panels }, { id: 'bare' }] });
  expect(await api.boards()).toEqual([
    {
      ...{ id: 'shop', title: 'Shop' },
      panels: [
        { id: 'p', title: 'Orders', metric: 'orders' },
        { id: 'q', title: '', metric: 'users' },
      ],
    },
    { id: 'bare', title: 'bare', panels: [] },
  ]);
});

it('reads what processes report, but for one of another version', async () => {
  const known = { process: 'a', part: 'gateway', time: 1, totals: {}, gauges: { viewers: 2 } };
  const { api } = serve({ processes: [known, { ...known, part: 'oracle' }, 7] });
  expect(await api.processes()).toEqual([known]);
  await expect(serve({}).api.processes()).rejects.toThrow('expected a list of processes');
});

it('reads keys with their times, and gives a made one away once', async () => {
  const key = { id: 'a', name: 'wall', scope: ['read'], metrics: null, origins: null, expires: null };
  const { api } = serve({
    keys: [
      { ...key, created: '2026-11-02T00:00:00.000Z' },
      { ...key, expires: 'soon' },
    ],
  });
  const read = { id: 'a', name: 'wall', scope: ['read'], metrics: null, expires: null };
  expect(await api.keys()).toEqual([
    { ...read, created: Date.UTC(2026, 10, 2) },
    { ...read, created: null },
  ]);
  expect(await serve({ ...key, key: 'mr_new' }).api.makeKey('wall', 'read')).toBe('mr_new');
  await expect(serve(key).api.makeKey('wall', 'read')).rejects.toThrow('expected the key');
});
