import { expect, it } from 'vitest';
import { finish } from './steps.ts';
import { definition, metric, VERSION, viewOf, World } from './testing/hub-world.ts';

it('sends what a read has brought also to clients at the current offset', () => {
  const world = new World();
  const { clock } = world;
  world.publishFacts();
  const gateway = world.join();
  world.publishFacts();
  gateway.runToIdle();
  const view = gateway.hub.open(viewOf({}), VERSION, definition);
  gateway.runToIdle();
  const row = { metric: metric.id, version: VERSION, pane: clock, group: ['DE', 'pro'], part: '~0' };
  world.stored.set('filled', { ...row, state: { nums: [], keys: [], counts: [4] }, next: 1 });
  world.updates.push({ kind: 'backfilled', metric: metric.id, version: VERSION, part: '~0', activation: 1 });
  gateway.runToIdle();
  // No client was given this offset while the view was being read. One that holds it all the same still gets the change.
  const { values } = finish(gateway.hub.since(view, gateway.hub.offset));
  expect(values).toEqual([[4]]);
});

it('reads again when imported events are told, and takes the newer of two fills', () => {
  const world = new World();
  const { clock } = world;
  world.publishFacts();
  const gateway = world.join();
  world.publishFacts();
  gateway.runToIdle();
  const view = gateway.hub.open(viewOf({}), VERSION, definition);
  gateway.runToIdle();
  const row = { metric: metric.id, version: VERSION, pane: clock, group: ['DE', 'pro'], part: '+0' };
  for (const next of [3, 8]) {
    world.stored.set('added', { ...row, state: { nums: [], keys: [], counts: [next] }, next });
    world.updates.push({
      kind: 'backfilled',
      metric: metric.id,
      version: VERSION,
      part: '+0',
      activation: next,
    });
    gateway.runToIdle();
    expect(finish(gateway.hub.since(view, gateway.hub.offset)).values).toEqual([[next]]);
  }
  expect(finish(view.snapshot()).filled).toEqual({ done: 0, of: 2 });
});
