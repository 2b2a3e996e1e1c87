import { expect, it } from 'vitest';
import { finish } from '../steps.ts';
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
