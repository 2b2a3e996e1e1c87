import { afterAll, beforeAll, expect, it } from 'vitest';
import { ERRORS } from '#contracts/errors.ts';
import type { RejectedPage } from '#contracts/log/rejected-record.ts';
import { eventually } from '../testing/eventually.ts';
import { askCase } from './ask-case.ts';
import { BODY_CASES, type HttpCase, ORIGIN_CASES, SCOPE_CASES } from './http-cases.ts';
import { CALLERS, startWorld, type World } from './refusing-server.ts';

/** Every case that posts events, each told by its User-Agent. */
const CASES: HttpCase[] = [...SCOPE_CASES, ...ORIGIN_CASES, ...BODY_CASES]
  .filter(({ request }) => /^POST \/v1\/events/.test(request))
  .map((one, i) => ({ ...one, headers: { ...one.headers, 'user-agent': `case ${i}: ${one.case}` } }));

let world: World;
let recorded: RejectedPage['rejected'];
beforeAll(async () => {
  world = await startWorld();
  for (const one of CASES) await askCase(world, one);
  // A last one comes last in the topic.
  const last = { 'user-agent': 'the last' };
  await askCase(world, { by: 'writer', request: 'POST /v1/events', headers: last });
  const read = async (): Promise<RejectedPage['rejected']> => {
    const { text } = await askCase(world, { by: 'operator', request: 'GET /v1/rejected?limit=1000' });
    return (JSON.parse(text) as RejectedPage).rejected;
  };
  recorded = await eventually(read, ([newest]) => newest?.agent === 'the last');
});
afterAll(() => world?.close());

it.each(CASES)('$by, $case is recorded with $code', ({ headers, code }) => {
  const found = recorded.filter(({ agent }) => agent === headers!['user-agent']);
  expect(found).toMatchObject([{ code, status: ERRORS[code].status, network: 'loopback' }]);
});

it('names the key that does not allow it, by its id', async () => {
  const { id, key } = await world.make({ scope: 'read' });
  const headers = { authorization: `Bearer ${key}`, 'user-agent': 'another reader' };
  await askCase(world, { by: 'nobody', request: 'POST /v1/events', body: '{"event":"a"}', headers });
  const found = await eventually(
    async () => {
      const { text } = await askCase(world, { by: 'reader', request: 'GET /v1/rejected?limit=1' });
      return (JSON.parse(text) as RejectedPage).rejected;
    },
    ([newest]) => newest?.agent === 'another reader',
  );
  expect(found).toMatchObject([{ code: 'forbidden_scope', status: 403, key: id, body: '' }]);
});

it('shows no key of any caller, and no header', () => {
  const text = JSON.stringify(recorded);
  for (const caller of CALLERS) {
    const key = world.keyOf(caller);
    if (key !== null) expect(text).not.toContain(key.slice(-20));
  }
  expect(text).not.toMatch(/YTpi|x{2000}/);
});
