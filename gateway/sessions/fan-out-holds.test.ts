import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply, emptyContents, type Frame, type ViewContents } from '#contracts/view/frame.ts';
import { finish } from '../core/steps.ts';
import { expected, held } from '../core/testing/hub-oracle.ts';
import { definition, type Gateway, PARTITIONS, VERSION, viewOf, World } from '../core/testing/hub-world.ts';
import type { OpenView } from '../core/view/live-view.ts';
import type { Encoded } from '../sockets/link.ts';
import { encodeFrame } from './encode-frame.ts';
import { FanOut } from './fan-out.ts';
import { acknowledge, createSubscriber, type Subscriber } from './subscriber.ts';

/** A board: a short view, and views with a range that reaches panes that were forgotten and have to be read again. */
const BOARD = [viewOf({}), viewOf({ range: '30s' }), viewOf({ range: '30s', groupBy: ['plan'] })];

/** One board on a gateway; the test decides when reads end. */
class Run {
  readonly world = new World();
  readonly gateway: Gateway;
  readonly fanOut: FanOut;
  readonly frames: Frame[] = [];
  readonly outcomes: string[] = [];
  readonly contents = new Map<string, ViewContents>();
  readonly views: OpenView[] = [];
  readonly subscriber: Subscriber;
  blocked = false;

  constructor() {
    this.world.publishFacts();
    this.gateway = this.world.join();
    this.subscriber = createSubscriber({
      id: '',
      writable: () => !this.blocked,
      write: (message) => this.write(message),
    });
    this.fanOut = new FanOut({
      hub: () => this.gateway.hub,
      identity: 'log',
      infoOf: () => undefined,
      encode: encodeFrame,
      atRest: <T>(work: () => Promise<T>) => work(),
      yieldTurn: async () => {},
      credit: 2_000,
      wrote: () => {},
    });
    this.advance(0);
    this.gateway.runToIdle();
    for (const view of BOARD) this.views.push(this.gateway.hub.open(view, VERSION, definition));
    this.gateway.runToIdle();
    for (const view of this.views) this.subscribe(view);
  }

  write({ payload }: Encoded): boolean {
    if (this.blocked) return false;
    const frame = JSON.parse(payload.text) as Frame;
    this.frames.push(frame);
    for (const change of frame.views) {
      this.outcomes.push(apply(this.contents.get(change.view)!, frame, change));
    }
    return true;
  }

  subscribe(view: OpenView): void {
    const { hub } = this.gateway;
    const change = finish(view.snapshot());
    const contents = emptyContents();
    apply(contents, { epoch: hub.epoch('log'), from: hub.offset, to: hub.offset, views: [change] }, change);
    this.contents.set(view.id, contents);
    this.subscriber.views.set(view.id, view);
    this.subscriber.cursor =
      this.subscriber.cursor < 0 ? hub.offset : Math.min(this.subscriber.cursor, hub.offset);
    this.fanOut.place(this.subscriber);
  }

  advance(ms: number): void {
    this.world.clock += ms;
    this.world.publish();
    this.world.publishFacts();
  }

  /** Applies what there is; reads are left alone. */
  follow(): void {
    while (this.gateway.step());
  }

  async check(): Promise<void> {
    this.blocked = false;
    // The window of a late event does not change until the Store has it.
    for (let p = 0; p < PARTITIONS; p++) this.world.commit(p);
    this.advance(0);
    this.gateway.runToIdle();
    for (let round = 0; round < 2; round++) {
      acknowledge(this.subscriber, this.gateway.hub.offset);
      await this.fanOut.flush(true);
    }
    for (const { id, request } of this.views) {
      expect(this.contents.get(id)?.cursor?.offset).toBe(this.gateway.hub.offset);
      expect(held(this.contents.get(id)!)).toEqual(expected(this.world, request));
    }
    expect(this.outcomes).not.toContain('behind');
    expect(this.subscriber.leftOut).toBeNull();
  }
}

/** Folds an event for a pane that was expected to get no more events: its window must be read again. */
function forgetAndTouch(run: Run): void {
  const { world } = run;
  for (let p = 0; p < PARTITIONS; p++) world.fold(p, 0, ['DE', 'pro']);
  run.advance(0);
  for (let p = 0; p < PARTITIONS; p++) world.commit(p);
  run.advance(10_000);
  run.advance(0);
  run.gateway.runToIdle();
  world.fold(0, 10, ['DE', 'pro']);
  world.commit(0);
  run.advance(0);
  run.follow();
  run.gateway.beginReads();
}

describe('a board of which some views wait for the Store', () => {
  it('goes on with the others, and continues those from where they were left out', async () => {
    const run = new Run();
    const [short, long] = run.views;
    forgetAndTouch(run);
    await run.fanOut.flush(true);
    const left = run.contents.get(long!.id)!.cursor!.offset;
    run.world.fold(1, 0, ['FR', 'pro']);
    run.advance(100);
    run.follow();
    await run.fanOut.flush(true);
    expect(run.frames.at(-1)!.views.map(({ view }) => view)).toEqual([short!.id]);
    expect(held(run.contents.get(short!.id)!)).toEqual(expected(run.world, short!.request));
    expect(run.contents.get(long!.id)!.cursor!.offset).toBe(left);
    expect(run.contents.get(long!.id)!.asOf).toBeLessThan(run.contents.get(short!.id)!.asOf!);
    run.gateway.runToIdle();
    await run.fanOut.flush(false);
    expect(run.frames.at(-1)!.from).toBeLessThanOrEqual(left);
    await run.check();
  });

  it('keeps nothing of a view that it has no more', async () => {
    const run = new Run();
    forgetAndTouch(run);
    await run.fanOut.flush(true);
    expect(run.subscriber.leftOut?.size).toBe(2);
    run.subscriber.views.delete(run.views[1]!.id);
    run.fanOut.place(run.subscriber);
    expect([...(run.subscriber.leftOut?.keys() ?? [])]).toEqual([run.views[2]]);
  });

  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('fold' as const),
        partition: fc.nat(PARTITIONS - 1),
        age: fc.integer({ min: 0, max: 20 }),
        country: fc.constantFrom('DE', 'FR'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('commit' as const), partition: fc.nat(PARTITIONS - 1) }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('facts' as const), ms: fc.nat(4_000) }) },
    { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('follow', 'begin', 'finish', 'flush') }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('block', 'free', 'acknowledge', 'subscribe') }) },
  );

  it('ends with what a fold of everything gives, whichever reads were slow', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), async (steps) => {
        const run = new Run();
        const { gateway, world } = run;
        for (const s of steps) {
          if ('partition' in s && s.do === 'fold') world.fold(s.partition, s.age, [s.country, 'pro']);
          else if ('partition' in s) world.commit(s.partition);
          else if ('ms' in s) run.advance(s.ms);
          else if (s.do === 'follow') run.follow();
          else if (s.do === 'begin') gateway.beginReads();
          else if (s.do === 'finish') gateway.finishRead();
          else if (s.do === 'flush') await run.fanOut.flush(true);
          else if (s.do === 'acknowledge') acknowledge(run.subscriber, run.subscriber.cursor);
          else if (s.do === 'subscribe')
            run.views.filter((v) => gateway.hub.isReady(v)).map((v) => run.subscribe(v));
          else run.blocked = s.do === 'block';
        }
        await run.check();
      }),
      { numRuns: 300 },
    );
  });
});
