import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createWarnings } from '#platform/process/reporting/warnings.ts';
import { createRig, eventually, type Rig } from '../testing/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig.close());

const HOUR = 3_600_000;
const LATE = { event: 'a', aggregate: 'count', window: '1m', lateness: '30m' };

async function start(horizon: number) {
  const warnings = createWarnings({ clock: Date.now, logger: createLogger('silent', 'test') });
  const worker = await rig.start({ horizon }, { warnings });
  return { warnings, worker };
}

it('warns at the start which settings conflict, and what to do, and continues to fold', async () => {
  await rig.define('late', LATE);
  await rig.define('quick', { ...LATE, lateness: '1m' });
  const before = await start(HOUR);
  await eventually(async () => (await rig.commit(0))?.facts.active.length === 2);
  // Its control blocks are written after the look.
  expect(before.warnings.list()).toEqual([]);
  await before.worker.close();

  const { warnings } = await start(60_000);
  await eventually(() => warnings.list().length > 0);
  const [warning] = warnings.list();
  expect(warning).toMatchObject({ code: 'horizon_below_lateness' });
  expect(warning!.message).toMatch(
    /MILLRACE_HORIZON is 1m, below the lateness of 1 metrics: .* to 30m or more/,
  );
  await rig.post(0, [{ event: 'a', timestamp: Date.now() }]);
  await rig.committed();
  expect(await rig.rows('late', '0')).toHaveLength(1);
});

it('is quiet again once the metric has a lateness that fits', async () => {
  await rig.define('late', LATE);
  const { warnings } = await start(60_000);
  await eventually(() => warnings.list().length > 0);
  await rig.define('late', { ...LATE, lateness: '10s' });
  // Of the version that is served the events may still be late.
  await eventually(async () => warnings.list().length === 0);
});
