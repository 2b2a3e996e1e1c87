import { expect, it } from 'vitest';
import { finish } from '../steps.ts';
import { held } from '../testing/hub-oracle.ts';
import { viewOf, Watcher, World } from '../testing/hub-world.ts';

it('gives a returning client the highest groups whole, since another gateway may have ranked others', () => {
  const world = new World();
  const gateway = world.join();
  world.publishFacts();
  gateway.runToIdle();
  const watcher = new Watcher(gateway, viewOf({ groupBy: ['country'], top: { limit: 1 } }));
  world.fold(0, 0, ['DE', 'pro']);
  world.commit(0);
  world.publishFacts();
  gateway.runToIdle();
  watcher.pull();
  expect(finish(gateway.hub.resume(watcher.view, watcher.contents.cursor!, 'log'))).toMatchObject({
    snapshot: true,
    groups: 1,
    members: [{ group: ['DE'] }],
  });
});

it('lists the series of the earlier range for a client that knows them by the numbers of another gateway', () => {
  const world = new World();
  const [first, second] = [world.join(), world.join()];
  const round = () => {
    world.publishFacts();
    first.runToIdle();
    second.runToIdle();
  };
  round();
  const request = viewOf({ groupBy: ['country'], window: 'whole', range: '6s', compare: 'previous' });
  const seen = (country: string) => {
    world.fold(0, 8, [country, 'pro']);
    world.commit(0);
    round();
  };
  seen('FR');
  seen('DE');
  const there = new Watcher(first, request);
  first.runToIdle();
  // The Store has no order.
  const rows = [...world.stored].reverse();
  world.stored.clear();
  for (const [key, row] of rows) world.stored.set(key, row);
  const here = new Watcher(second, request);
  second.runToIdle();
  round();
  there.pull();
  seen('DE');
  here.pull();
  there.move(second);
  there.pull();
  expect(held(there.contents)).toEqual(held(here.contents));
  expect(held(here.contents).earlier?.members).toEqual(['["DE"]', '["FR"]']);
});
