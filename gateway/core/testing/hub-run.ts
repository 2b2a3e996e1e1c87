import fc from 'fast-check';
import { expect } from 'vitest';
import { isoTime } from '#contracts/time/civil-date.ts';
import { type View, viewText } from '#contracts/view/view.ts';
import { ViewHub } from '../view-hub.ts';
import { type Contents, expected, held } from './hub-oracle.ts';
import {
  definition,
  type Gateway,
  PARTITIONS,
  RESTLESS,
  START,
  viewOf,
  Watcher,
  World,
} from './hub-world.ts';

/** Views whose range moves with each of their windows, which follow one another. */
export const PLAIN_VIEWS = [
  viewOf({}),
  viewOf({ groupBy: [] }),
  viewOf({ groupBy: ['plan'], window: '4s', range: '16s' }),
  viewOf({ where: { country: 'DE' }, window: '1s', range: '5s' }),
];

const HOURS = { calendar: 'hour', timezone: RESTLESS.name } as const;
const THIS_HOUR = { this: 'hour', timezone: RESTLESS.name } as const;
const BETWEEN = { from: isoTime(START + 3_000), to: isoTime(START + 20_000) };
const COUNTRY = { groupBy: ['country'] };

/** Windows that overlap, leave gaps, follow a calendar or are all of the range, and ranges that stand still. */
export const WINDOW_VIEWS = [
  viewOf({ ...COUNTRY, window: { size: '11s', every: '2s' } }),
  viewOf({ ...COUNTRY, window: { size: '1s', every: '3s' } }),
  viewOf({ ...COUNTRY, window: HOURS, range: '3h' }),
  viewOf({ ...COUNTRY, window: 'whole', range: '10s' }),
  viewOf({ ...COUNTRY, window: '2s', range: BETWEEN }),
  viewOf({ groupBy: [], window: 'whole', range: BETWEEN }),
  viewOf({ ...COUNTRY, window: '2s', range: THIS_HOUR }),
  viewOf({ ...COUNTRY, window: { size: '7s', every: '3s' }, range: BETWEEN }),
];

/** Views that are compared with an earlier range. */
export const COMPARED_VIEWS = [
  viewOf({ ...COUNTRY, compare: 'previous' }),
  viewOf({ ...COUNTRY, range: '4s', compare: '3s' }),
  viewOf({ ...COUNTRY, window: { size: '5s', every: '2s' }, compare: 'previous' }),
  viewOf({ ...COUNTRY, window: '20s', range: '20s', compare: 'previous' }),
  viewOf({ ...COUNTRY, window: HOURS, range: '2h', compare: 'previous' }),
  viewOf({ ...COUNTRY, window: 'whole', range: '6s', compare: 'previous' }),
  viewOf({ groupBy: [], window: 'whole', range: THIS_HOUR, compare: 'previous' }),
  viewOf({ ...COUNTRY, window: '2s', range: BETWEEN, compare: '4s' }),
];

/** Views of the groups with the highest values. */
export const TOP_VIEWS = [
  viewOf({ ...COUNTRY, top: { limit: 1 } }),
  viewOf({ top: { limit: 2 }, window: 'whole', range: '6s' }),
  viewOf({ groupBy: ['plan'], top: { limit: 1 }, compare: 'previous' }),
  viewOf({ top: { limit: 2 }, window: HOURS, range: '3h' }),
];

const partition = fc.nat(PARTITIONS - 1);
const index = fc.nat(7);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('fold' as const),
      partition,
      age: fc.integer({ min: -1, max: 9 }),
      country: fc.constantFrom('DE', 'FR', '__other__'),
      plan: fc.constantFrom('pro', 'team'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('publish' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('commit' as const), partition }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('facts' as const), ms: fc.nat(2_500) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('step' as const, 'begin' as const, 'finish' as const),
      gateway: index,
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pull' as const), watcher: index }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), watcher: index, gateway: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), gateway: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), watcher: index, gateway: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('check' as const) }) },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A view that clients have, with its metric and what it must show. */
interface Computed {
  view: View;
  metric: Watcher['metric'];
  expected: (world: World) => Contents;
}
export type Watched = View | Computed;

const watchedOf = (watched: Watched): Computed =>
  'view' in watched
    ? watched
    : { view: watched, metric: definition, expected: (world) => expected(world, watched) };

/** A run of random steps with two gateways and four clients that miss frames, move and resume. */
class RandomRun {
  readonly world: World;
  readonly gateways: Gateway[];
  readonly watchers: Watcher[];
  readonly #expected: ((world: World) => Contents)[];

  constructor(Hub = ViewHub, views: readonly Watched[] = PLAIN_VIEWS) {
    this.world = new World(Hub);
    this.gateways = [this.world.join(), this.world.join()];
    const watched = views.map(watchedOf);
    this.watchers = watched.map(({ view, metric }, i) => new Watcher(this.gateways[i % 2]!, view, metric));
    this.#expected = watched.map((one) => one.expected);
  }

  gateway(i: number): Gateway {
    return this.gateways[i % this.gateways.length]!;
  }

  watcher(i: number): Watcher {
    return this.watchers[i % this.watchers.length]!;
  }

  perform(s: Step): void {
    const { world } = this;
    if (s.do === 'fold') world.fold(s.partition, s.age, [s.country, s.plan]);
    else if (s.do === 'publish') world.publish();
    else if (s.do === 'commit') world.commit(s.partition);
    else if (s.do === 'facts') {
      world.clock += s.ms;
      world.publish();
      world.publishFacts();
    } else if (s.do === 'check') this.check();
    else if (s.do === 'pull') this.watcher(s.watcher).pull();
    else this.drive(s);
  }

  drive(s: Extract<Step, { gateway: number }>): void {
    const gateway = this.gateway(s.gateway);
    if (s.do === 'step') gateway.step();
    else if (s.do === 'begin') gateway.beginReads();
    else if (s.do === 'finish') gateway.finishRead();
    else if (s.do === 'move') this.watcher(s.watcher).move(gateway);
    else if (s.do === 'close') {
      const watcher = this.watcher(s.watcher);
      watcher.gateway.hub.close(watcher.view);
      watcher.move(gateway);
    } else this.restart(s.gateway % 2);
  }

  restart(i: number): void {
    const old = this.gateways[i]!;
    this.gateways[i] = this.world.join();
    for (const watcher of this.watchers) if (watcher.gateway === old) watcher.move(this.gateways[i]!);
  }

  #round(): void {
    this.world.publish();
    this.world.publishFacts();
    for (const gateway of this.gateways) gateway.runToIdle();
  }

  /** Everything that was folded reaches every client, whatever it missed. */
  check(): void {
    const { world } = this;
    // Groups are ranked by what the Store has.
    if (this.watchers.some(({ request }) => request.top !== null))
      for (let p = 0; p < PARTITIONS; p++) world.commit(p);
    for (let p = 0; p < PARTITIONS; p++) {
      if (this.gateways.some((g) => !g.hub.join.done)) world.commit(p);
    }
    for (let round = 0; round < 3; round++) this.#round();
    // The window of a late event does not change until the Store has it.
    if (this.watchers.some(({ gateway, view }) => !gateway.hub.isReady(view))) {
      for (let p = 0; p < PARTITIONS; p++) world.commit(p);
      this.#round();
    }
    for (const [i, watcher] of this.watchers.entries()) {
      watcher.pull();
      expect(watcher.contents.cursor?.offset).toBe(watcher.gateway.hub.offset);
      expect(held(watcher.contents), viewText(watcher.request)).toEqual(this.#expected[i]!(world));
    }
  }
}

/** Whatever happens, every client ends with what a naive fold of all events gives. */
export const holds = (Hub = ViewHub, views: readonly Watched[] = PLAIN_VIEWS): fc.IProperty<[Step[]]> =>
  fc.property(fc.array(step, { minLength: 20, maxLength: 150 }), (steps) => {
    const run = new RandomRun(Hub, views);
    for (const s of steps) run.perform(s);
    run.check();
  });

const country = fc.constantFrom('DE', 'FR');
const busyStep = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('event' as const), partition, age: fc.nat(5), country }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('facts' as const), partition, ms: fc.nat(2_500) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('compute' as const), watcher: index, steps: fc.nat(12) }),
  },
);
export type BusyStep = typeof busyStep extends fc.Arbitrary<infer T> ? T : never;

function performBusy({ world, gateways, watchers }: RandomRun, s: BusyStep): void {
  if (s.do === 'compute') {
    watchers[s.watcher % watchers.length]!.compute(s.steps);
    return;
  }
  if (s.do === 'event') world.fold(s.partition, s.age, [s.country, 'pro']);
  else {
    world.clock += s.ms;
    world.commit(s.partition);
    world.publishFacts();
  }
  world.publish();
  for (const gateway of gateways) gateway.runToIdle();
}

/** The same where contents are computed in steps, and change between them. */
export const holdsWhileComputing = (Hub = ViewHub): fc.IProperty<[BusyStep[]]> =>
  fc.property(fc.array(busyStep, { minLength: 10, maxLength: 60 }), (steps) => {
    const run = new RandomRun(Hub);
    run.check();
    for (const s of steps) performBusy(run, s);
    run.check();
  });
