import { afterEach, expect, it, vi } from 'vitest';
import { browserPage } from './page.ts';

const TARGET = new URL('http://x.example/v1/events');
const fetched = vi.fn(async () => new Response());
const beacon = vi.fn(() => true);
const send = (headers?: Record<string, string>) => {
  vi.stubGlobal('fetch', fetched);
  vi.stubGlobal('navigator', { sendBeacon: beacon });
  browserPage().beacon(TARGET, '[1]', headers);
};
afterEach(() => {
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

it('goes by beacon, which needs no answer', () => {
  send();
  expect(beacon.mock.calls).toEqual([[TARGET, '[1]']]);
  expect(fetched).not.toHaveBeenCalled();
});

it('goes by a request that outlives the page where the browser takes no beacon', () => {
  beacon.mockReturnValueOnce(false);
  send();
  expect(fetched.mock.calls).toEqual([
    [TARGET, expect.objectContaining({ method: 'POST', body: '[1]', keepalive: true })],
  ]);
});

it('goes by such a request where it carries a key, which no beacon can', () => {
  send({ authorization: 'Bearer a' });
  expect(beacon).not.toHaveBeenCalled();
  expect(fetched.mock.calls).toEqual([
    [TARGET, { method: 'POST', body: '[1]', keepalive: true, headers: { authorization: 'Bearer a' } }],
  ]);
});

it('leaves alone that it failed', async () => {
  fetched.mockRejectedValueOnce(new TypeError('over 64 KiB'));
  send({ authorization: 'Bearer a' });
  await new Promise((resolve) => setTimeout(resolve, 0));
});
