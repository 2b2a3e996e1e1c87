import { beforeEach, describe, expect, it } from 'vitest';
import { finish } from './steps.ts';
import { expected, held } from './testing/hub-oracle.ts';
import { definition, type Gateway, metric, VERSION, viewOf, Watcher, World } from './testing/hub-world.ts';

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

describe('the join', () => {
  it('is done when every partition has committed past the end it had', () => {
    world.fold(0, 0, ['DE', 'pro']);
    world.publish();
    const late = world.join();
    world.publishFacts();
    late.runToIdle();
    expect([late.hub.join.done, late.hub.epoch('log')]).toEqual([false, 'log~']);
    expect(late.hub.join.missing(late.hub.progress)).toMatch(/partition 0 .* up to 0; .* waits for 1/);
    world.commit(0);
    world.publishFacts();
    late.runToIdle();
    expect([late.hub.join.done, late.hub.epoch('log')]).toEqual([true, 'log']);
  });

  it('shows what was published before the tail began and stored after it', () => {
    world.fold(0, 0, ['DE', 'pro']);
    world.publish();
    const late = world.join();
    const watcher = new Watcher(late, viewOf({}));
    world.publishFacts();
    late.runToIdle();
    watcher.pull();
    expect(held(watcher.contents).members).toEqual([]);
    world.commit(0);
    world.publishFacts();
    late.runToIdle();
    watcher.pull();
    expect(held(watcher.contents)).toEqual(expected(world, watcher.request));
  });
});

describe('a view', () => {
  it('gives out nothing while it reads', () => {
    const view = gateway.hub.open(viewOf({}), VERSION, definition);
    expect(gateway.hub.isReady(view)).toBe(false);
    gateway.runToIdle();
    expect(gateway.hub.isReady(view)).toBe(true);
  });

  it('shares what is hot: a second view of equal range reads nothing', () => {
    gateway.hub.open(viewOf({}), VERSION, definition);
    gateway.runToIdle();
    const second = gateway.hub.open(viewOf({ groupBy: [], range: '2s' }), VERSION, definition);
    finish(gateway.hub.filling());
    expect([gateway.hub.drainReads(), gateway.hub.isReady(second)]).toEqual([[], true]);
  });

  it('does not hold back other views while a longer range of the metric is read', () => {
    const short = gateway.hub.open(viewOf({}), VERSION, definition);
    gateway.runToIdle();
    const long = gateway.hub.open(viewOf({ range: '60s' }), VERSION, definition);
    expect([gateway.hub.isReady(short), gateway.hub.isReady(long)]).toEqual([true, false]);
  });

  it('reports when its newest change was received, and null for changes that came from the Store alone', () => {
    const view = gateway.hub.open(viewOf({}), VERSION, definition);
    gateway.runToIdle();
    const from = gateway.hub.offset;
    world.fold(0, 0, ['DE', 'pro']);
    const received = world.clock;
    advance();
    expect(finish(view.changesSince(from))).toMatchObject({
      received,
      windows: [expect.any(Number)],
      values: [[1]],
    });
    expect(finish(view.changesSince(gateway.hub.offset))).toMatchObject({
      received: null,
      windows: [],
      at: [],
    });
    expect(finish(view.snapshot())).toMatchObject({
      snapshot: true,
      received: null,
      members: [{ group: ['DE', 'pro'] }],
    });
  });

  it('reports when a change was received that waited for the range to reach it', () => {
    const view = gateway.hub.open(viewOf({}), VERSION, definition);
    gateway.runToIdle();
    const from = gateway.hub.offset;
    const received = world.clock;
    world.fold(0, -60, ['DE', 'pro']);
    world.publish();
    gateway.runToIdle();
    expect(finish(view.changesSince(from))).toMatchObject({ received: null, windows: [] });
    advance(60_000);
    expect(finish(view.changesSince(from))).toMatchObject({ received, values: [[1]] });
  });

  it('counts of panes ahead those that have begun, in windows of few panes and of many', () => {
    const ahead = { metric, aggregate: { ...definition.aggregate, ahead: true as const } };
    const watchers = ['2s', '20s'].map(
      (window) => new Watcher(gateway, viewOf({ window, groupBy: [], range: '20s' }), ahead),
    );
    for (let age = 0; age > -40; age--) world.fold(0, age, ['DE', 'pro']);
    advance();
    for (let passed = 0; passed < 39_000; passed += 250) {
      for (const watcher of watchers) {
        watcher.pull();
        const { last: start } = watcher.view.range.timeline!;
        const begun = Math.max(1, Math.ceil((world.clock - start) / metric.pane));
        expect(held(watcher.contents).cells[`${start} []`]).toBe(begun);
      }
      advance(250);
    }
  });

  it('reads again when a back-fill is there, and gives what it brought', () => {
    const watcher = new Watcher(gateway, viewOf({}));
    gateway.runToIdle();
    watcher.pull();
    const state = { nums: [], keys: [], counts: [5] };
    const row = {
      metric: metric.id,
      version: VERSION,
      pane: world.clock - 2_000,
      group: ['FR', 'pro'],
      part: '~1',
      state,
      next: 0,
    };
    world.stored.set('backfill', row);
    world.updates.push({
      kind: 'backfilled',
      metric: metric.id,
      version: VERSION,
      part: '~1',
      activation: 0,
    });
    expect(watcher.contents.filled).toEqual({ done: 0, of: 2 });
    gateway.step();
    expect(watcher.pull()).toBe(false);
    expect(watcher.contents.filled).toEqual({ done: 0, of: 2 });
    gateway.runToIdle();
    advance();
    watcher.pull();
    expect(Object.values(held(watcher.contents).cells)).toEqual([5]);
    expect(watcher.contents.filled).toEqual({ done: 1, of: 2 });
  });

  it('reports how much history it contains, and nothing in frames once that is all of it', () => {
    const watcher = new Watcher(gateway, viewOf({}));
    const told = { kind: 'backfilled' as const, metric: metric.id, version: VERSION, activation: 0 };
    for (const part of ['~0', '~1']) world.updates.push({ ...told, part });
    gateway.runToIdle();
    watcher.pull();
    const { view, contents } = watcher;
    expect([contents.filled, finish(view.snapshot()).filled]).toEqual([null, { done: 2, of: 2 }]);
    expect(finish(view.changesSince(gateway.hub.offset))).not.toHaveProperty('filled');
  });

  it('ends when its history cannot be read, or its metric goes', () => {
    const fault = { code: 'store_unavailable', message: 'away' } as const;
    const view = gateway.hub.open(viewOf({}), VERSION, definition);
    const [request] = gateway.hub.drainReads();
    gateway.hub.failRead(request!, fault);
    expect(gateway.hub.drainEnded()).toEqual([{ view, fault }]);
    const again = gateway.hub.open(viewOf({}), VERSION, definition);
    gateway.runToIdle();
    gateway.hub.retire(metric.id, [VERSION], fault);
    expect(gateway.hub.isOpen(again)).toBe(true);
    gateway.hub.retire(metric.id, [], fault);
    expect([gateway.hub.isOpen(again), gateway.hub.count, gateway.hub.size()]).toEqual([false, 0, 0]);
  });
});

describe('memory', () => {
  it('holds only uncommitted states while no view is open', () => {
    for (let i = 0; i < 5; i++) world.fold(0, i, ['DE', 'pro']);
    advance();
    expect(gateway.hub.size()).toBe(5);
    world.commit(0);
    advance();
    expect(gateway.hub.size()).toBe(0);
  });

  it('forgets the states of panes that no event reaches any more, and reads their window again for one that does', () => {
    const watcher = new Watcher(gateway, viewOf({ range: '30s' }));
    for (let p = 0; p < 2; p++) world.fold(p, 0, ['DE', 'pro']);
    advance();
    expect(gateway.hub.size()).toBe(2);
    for (let p = 0; p < 2; p++) world.commit(p);
    advance(10_000);
    advance();
    expect(gateway.hub.size()).toBe(0);
    watcher.pull();
    expect(Object.values(held(watcher.contents).cells)).toEqual([2]);
    world.fold(0, 10, ['DE', 'pro']);
    world.publish();
    gateway.step();
    expect(gateway.hub.isReady(watcher.view)).toBe(false);
    // The Store does not have it yet.
    expect(gateway.hub.drainReads()).toEqual([]);
    world.commit(0);
    advance();
    watcher.pull();
    expect(held(watcher.contents)).toEqual(expected(world, watcher.request));
  });

  it('is not changed by the repetition of a state that it has merged', () => {
    const watcher = new Watcher(gateway, viewOf({ range: '30s' }));
    world.fold(0, 0, ['DE', 'pro']);
    advance();
    for (let p = 0; p < 2; p++) world.commit(p);
    advance(10_000);
    advance();
    // As an aggregator does that goes on from its last commit.
    world.updates.push(world.updates.find(({ kind }) => kind === 'cells')!);
    advance();
    watcher.pull();
    expect(gateway.hub.isReady(watcher.view)).toBe(true);
    expect(held(watcher.contents)).toEqual(expected(world, watcher.request));
  });

  it('holds as much for a view of a long range as for one of a short range', () => {
    for (let age = 0; age < 60; age++) world.fold(0, age, ['DE', 'pro']);
    world.commit(0);
    advance();
    gateway.hub.open(viewOf({ range: '8s' }), VERSION, definition);
    gateway.runToIdle();
    const short = gateway.hub.size();
    const watcher = new Watcher(gateway, viewOf({ range: '60s' }));
    gateway.runToIdle();
    watcher.pull();
    expect(held(watcher.contents)).toEqual(expected(world, watcher.request));
    expect(gateway.hub.size()).toBe(short);
  });

  it('drops what leaves the range of all views', () => {
    const view = gateway.hub.open(viewOf({}), VERSION, definition);
    gateway.runToIdle();
    world.fold(0, 0, ['DE', 'pro']);
    world.commit(0);
    advance();
    expect(gateway.hub.size()).toBe(1);
    advance(20_000);
    expect([gateway.hub.size(), finish(view.snapshot()).members]).toEqual([0, []]);
  });

  it('ends the youngest view when live data outgrows the bound', () => {
    const small = world.join(3);
    world.publishFacts();
    small.runToIdle();
    const views = [viewOf({}), viewOf({ groupBy: [] })].map((v) => small.hub.open(v, VERSION, definition));
    small.runToIdle();
    for (let i = 0; i < 3; i++) world.fold(0, i, ['DE', 'pro']);
    world.commit(0);
    world.publishFacts();
    small.runToIdle();
    small.hub.shed();
    expect(small.hub.drainEnded()).toEqual([]);
    world.fold(0, 3, ['DE', 'pro']);
    world.commit(0);
    world.publishFacts();
    small.runToIdle();
    small.hub.shed();
    expect(small.hub.drainEnded().map(({ view, fault }) => [view, fault.code])).toEqual([
      [views[1], 'overloaded'],
      [views[0], 'overloaded'],
    ]);
    expect(small.hub.size()).toBe(0);
  });

  it('refuses a view that needs more states than the bound', () => {
    for (let i = 0; i < 6; i++) world.fold(0, i, ['DE', 'pro']);
    world.commit(0);
    const small = world.join(3);
    world.publishFacts();
    small.runToIdle();
    const view = small.hub.open(viewOf({}), VERSION, definition);
    small.runToIdle();
    expect(small.hub.drainEnded()).toMatchObject([{ view, fault: { code: 'view_too_large' } }]);
    expect(small.hub.count).toBe(0);
  });
});
