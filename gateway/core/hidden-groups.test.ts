import { beforeEach, expect, it } from 'vitest';
import { finish } from './steps.ts';
import { definition, type Gateway, VERSION, viewOf, World } from './testing/hub-world.ts';

let world: World;
let gateway: Gateway;
beforeEach(() => {
  world = new World();
  gateway = world.join();
  advance();
});

function advance(ms = 0): void {
  world.clock += ms;
  world.publish();
  world.publishFacts();
  gateway.runToIdle();
}

it('marks windows that __other__ took part in, where names are shown', () => {
  const [named, filtered, whole] = [
    viewOf({}),
    viewOf({ where: { country: 'DE' }, groupBy: [] }),
    viewOf({ groupBy: [] }),
  ].map((v) => gateway.hub.open(v, VERSION, definition));
  gateway.runToIdle();
  const from = gateway.hub.offset;
  world.fold(0, 0, ['__other__', '__other__']);
  advance();
  expect(finish(named!.changesSince(from)).partial).toHaveLength(1);
  expect(finish(filtered!.changesSince(from))).toMatchObject({
    at: [],
    windows: [expect.any(Number)],
    partial: [expect.any(Number)],
  });
  expect(finish(whole!.changesSince(from))).toMatchObject({ values: [[1]], partial: [] });
});

it('marks only windows that hide events from the view: what lost another dimension is complete', () => {
  const views = [
    viewOf({ groupBy: ['country'] }),
    viewOf({ where: { country: 'DE' }, groupBy: [] }),
    viewOf({ where: 'country = FR and plan = pro' }),
    viewOf({}),
    viewOf({ groupBy: ['plan'] }),
    viewOf({ where: { plan: 'pro' }, groupBy: [] }),
    viewOf({ where: 'country = DE and not plan = pro', groupBy: ['country'] }),
  ].map((v) => gateway.hub.open(v, VERSION, definition));
  gateway.runToIdle();
  const from = gateway.hub.offset;
  world.fold(0, 0, ['DE', '__other__']);
  advance();
  const hidden = views.map((view) => finish(view.changesSince(from)).partial.length);
  expect(hidden).toEqual([0, 0, 0, 1, 1, 1, 1]);
});
