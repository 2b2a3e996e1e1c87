import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERRORS } from '#contracts/errors.ts';
import { askCase } from './ask-case.ts';
import { BODY_CASES, ORIGIN_CASES, SCOPE_CASES } from './http-cases.ts';
import { startWorld, type World } from './refusing-server.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

describe.each([
  ['scopes', SCOPE_CASES],
  ['names and origins', ORIGIN_CASES],
  ['bodies', BODY_CASES],
])('over HTTP: %s', (_, cases) => {
  it.each(cases)('$by, $case: $request → $code', async (one) => {
    const { status, text } = await askCase(world, one);
    expect(JSON.parse(text)).toMatchObject({ code: one.code, status: ERRORS[one.code].status });
    expect(status).toBe(ERRORS[one.code].status);
    // Whatever was refused, a caller that may read is served.
    const { status: after } = await askCase(world, { by: 'reader', request: 'GET /v1/metrics' });
    expect(after).toBe(200);
  });
});

it('what was refused has left nothing behind', async () => {
  const read = async (path: string) =>
    JSON.parse((await askCase(world, { by: 'operator', request: `GET ${path}` })).text);
  const { metrics } = await read('/v1/metrics');
  expect(metrics.map(({ id }: { id: string }) => id)).toEqual(['orders', 'users']);
  expect(await read('/v1/boards')).toEqual({ boards: [] });
  const { keys } = await read('/v1/keys');
  expect(keys.map(({ name }: { name: string }) => name)).toEqual(Array(keys.length).fill('a case'));
  const series = await read('/v1/metrics/orders/series');
  expect(JSON.stringify(series)).not.toMatch(/[1-9]\d*(?=\]\])/);
});
