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
