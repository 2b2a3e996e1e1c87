import { expect, it } from 'vitest';
import type { Asked } from '../app/ask.ts';
import { createConnectApi } from './connect-api.ts';

function serve(body: unknown) {
  const asked: [string, Asked | undefined][] = [];
  const api = createConnectApi(async (path, one) => {
    asked.push([path, one]);
    return { status: 200, body, headers: new Headers() };
  });
  return { api, asked };
}

it('sends an event with the key of the page, or with another', async () => {
  const { api, asked } = serve({ accepted: 1, late: 0, duplicates: 0, rejected: 0, errors: [] });
  await api.sendEvent({ event: 'a' }, null);
  await api.sendEvent({ event: 'a' }, 'mr_1');
  expect(asked).toEqual([
    ['/v1/events', { method: 'POST', body: { event: 'a' } }],
    ['/v1/events', { method: 'POST', body: { event: 'a' }, key: 'mr_1' }],
  ]);
  await expect(serve('<html>').api.sendEvent({ event: 'a' }, null)).rejects.toThrow('accounts for');
});

it('asks what the key may do, and takes nothing else for an answer', async () => {
  const key = { id: null, scope: ['admin'], metrics: null, origins: null, expires: null };
  expect(await serve(key).api.ownKey()).toMatchObject({ id: null, scope: ['admin'] });
  await expect(serve({ ...key, scope: ['all'] }).api.ownKey()).rejects.toThrow('GET /v1/key: scope');
});

it('asks for a verdict by position, and for one of what was not sent', async () => {
  const verdict = { event: 'a', position: null, partition: null, metrics: [] };
  const { api, asked } = serve({ verdicts: [verdict], more: false });
  expect(await api.verdictAt({ partition: 2, offset: 81, index: 4 })).toEqual(verdict);
  expect(asked[0]![0]).toContain('position=2%3A81%3A4');
  expect(await serve(verdict).api.verdictOf({ event: 'a' })).toEqual(verdict);
});
