import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Subscribe } from '#contracts/view/protocol.ts';
import { browserEnvironment } from '../host/environment.ts';
import type { Wire } from '../live/socket.ts';
import { answerOf, type CountState, countsOf, frameOf } from '../testing/count-view.ts';
import { createFakeTime } from '../testing/fake-time.ts';
import { createRecorder } from '../testing/recorder.ts';
import { SharedView } from './shared-view.ts';

type Step =
  | { do: 'write'; window: number; value: number; deliver: 'once' | 'twice' | 'never' }
  | { do: 'answer' | 'refuse' | 'garble' | 'drop' | 'reconnect' }
  | { do: 'pass'; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      window: fc.integer({ min: 0, max: 4 }).map((i) => i * 10_000),
      value: fc.integer({ min: 0, max: 99 }),
      deliver: fc.constantFrom('once', 'once', 'twice', 'never'),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'answer' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('refuse', 'garble', 'drop', 'reconnect') }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
  },
);

/** A gateway that sends answers and frames when the steps say so, over a wire that can be cut. */
function setUp() {
  const time = createFakeTime();
  const env = { ...browserEnvironment(), ...time, random: () => 0.5 };
  const state: CountState = { offset: 100, cells: new Map() };
  const recorder = createRecorder();
  let questions: { message: Subscribe; reply: (answer: unknown) => void }[] = [];
  let connected = false;
  const view = new SharedView({ metric: 'counts' }, { env, report: () => {}, received: () => {} });
  view.add(recorder);
  const wire = (): Wire => ({
    transport: 'websocket',
    subscribe: (message, reply) => void questions.push({ message, reply }),
    unsubscribe() {},
    ack() {},
    tail() {},
    auth() {},
    close() {},
  });
  const answer = (of: (message: Subscribe) => unknown) => {
    const next = questions.shift();
    next?.reply(of(next.message));
  };
  const write = (window: number, value: number, times: number) => {
    const from = state.offset++;
    state.cells.set(window, { value, at: state.offset });
    const frame = frameOf(state, from, [window], {});
    for (let i = 0; connected && i < times; i++) view.receive(frame, frame.views[0]!);
  };
  return {
    time,
    state,
    recorder,
    write,
    answer: () => answer((message) => answerOf(state, message)),
    refuse: () => answer(() => ({ ok: false, error: { code: 'not_ready', message: 'Soon.', retry: true } })),
    garble: () => answer(() => 7),
    drop() {
      connected = false;
      questions = [];
      view.pause();
    },
    reconnect() {
      questions = [];
      connected = true;
      view.resume(wire());
    },
    asks: () => questions.length,
  };
}

type World = ReturnType<typeof setUp>;

function take(world: World, step: Step): void {
  if (step.do === 'write')
    world.write(step.window, step.value, { once: 1, twice: 2, never: 0 }[step.deliver]);
  else if (step.do === 'pass') world.time.pass(step.ms);
  else world[step.do]();
}

it('ends with what the gateway has, whatever was lost, repeated, refused or cut on the way', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const world = setUp();
      world.reconnect();
      for (const next of steps) take(world, next);
      world.reconnect();
      while (world.asks() > 0) world.answer();
      world.write(0, 1, 1);
      while (world.asks() > 0) world.answer();
      const held = Object.fromEntries([...world.state.cells].map(([window, { value }]) => [window, value]));
      expect(world.recorder.contents && countsOf(world.recorder.contents)).toEqual(held);
    }),
    { numRuns: 300 },
  );
});

it('has one question open at a time, however many frames are missing', () => {
  const world = setUp();
  world.reconnect();
  world.answer();
  for (let i = 0; i < 5; i++) {
    world.write(0, i, 0);
    world.write(0, i, 1);
  }
  expect(world.asks()).toBe(1);
});

it('asks again when no answer comes', () => {
  const world = setUp();
  world.reconnect();
  world.time.pass(19_999);
  expect(world.asks()).toBe(1);
  world.time.pass(1);
  expect(world.asks()).toBe(2);
});

it('leaves an answer to an earlier question out', () => {
  const world = setUp();
  world.reconnect();
  world.time.pass(20_000);
  world.answer();
  expect(world.recorder.changes).toEqual([]);
  world.answer();
  expect(world.recorder.changes).toEqual([null]);
});

it('takes no frame while a question is open: after a late answer, its numbers may be those of another gateway', () => {
  const world = setUp();
  world.reconnect();
  world.answer();
  world.write(0, 1, 1);
  world.drop();
  world.reconnect();
  world.time.pass(20_000);
  // The first answer is ignored, though the frames after it continue the cursor that is held.
  world.answer();
  const before = world.recorder.changes.length;
  world.write(10_000, 2, 1);
  expect(world.recorder.changes).toHaveLength(before);
  world.answer();
  expect(world.recorder.contents && countsOf(world.recorder.contents)).toEqual({ 0: 1, 10000: 2 });
});
