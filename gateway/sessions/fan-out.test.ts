import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Frame } from '#contracts/view/frame.ts';
import { definition, type Gateway, VERSION, viewOf, World } from '../core/testing/hub-world.ts';
import type { Encoded } from '../sockets/link.ts';
import { encodeFrame } from './encode-frame.ts';
import { FanOut } from './fan-out.ts';
import { acknowledge, createSubscriber, type Subscriber } from './subscriber.ts';

const encode = vi.fn(encodeFrame);
const yieldTurn = vi.fn(async () => {});

let world: World;
let gateway: Gateway;
let fanOut: FanOut;
beforeEach(() => {
  vi.clearAllMocks();
  world = new World();
  gateway = world.join();
  step();
  const deps = {
    hub: () => gateway.hub,
    identity: 'log',
    infoOf: () => undefined,
    encode,
    atRest: <T>(work: () => Promise<T>) => work(),
    yieldTurn,
    credit: 2_000,
    wrote: () => {},
  };
  fanOut = new FanOut(deps);
});

/** Events of one group are folded and applied. */
function step(events = 0, country = 'DE'): void {
  for (let i = 0; i < events; i++) world.fold(0, 0, [country, 'pro']);
  world.publish();
  world.publishFacts();
  gateway.runToIdle();
}

function enter(request = viewOf({})): Subscriber & { got: Frame[]; blocked: boolean } {
  const got: Frame[] = [];
  const link = {
    id: '',
    writable: () => !subscriber.blocked,
    write({ payload }: Encoded): boolean {
      if (!subscriber.blocked) got.push(JSON.parse(payload.text) as Frame);
      return !subscriber.blocked;
    },
  };
  const subscriber = Object.assign(createSubscriber(link), { got, blocked: false });
  const view = gateway.hub.open(request, VERSION, definition);
  gateway.runToIdle();
  subscriber.views.set(view.id, view);
  subscriber.cursor = gateway.hub.offset;
  fanOut.place(subscriber);
  return subscriber;
}

describe('fan-out', () => {
  it('encodes a frame once for all clients of a group, and yields between slices', async () => {
    const subscribers = Array.from({ length: 600 }, () => enter());
    step(1);
    await fanOut.flush(false);
    expect(encode).toHaveBeenCalledTimes(1);
    expect(yieldTurn).toHaveBeenCalledTimes(2);
    for (const { got } of subscribers) expect(got).toEqual(subscribers[0]!.got);
    expect(subscribers[0]!.got).toHaveLength(1);
  });

  it('yields between slices of many small groups too', async () => {
    for (let i = 1; i <= 60; i++) enter(viewOf({ range: `${i}m` }));
    step(1);
    await fanOut.flush(false);
    expect(fanOut.groups.size).toBe(60);
    expect(yieldTurn).toHaveBeenCalled();
  });

  it('sends nothing where nothing changed, unless asked to keep cursors young', async () => {
    const subscriber = enter(viewOf({ where: { country: 'FR' } }));
    step(3);
    await fanOut.flush(false);
    expect(subscriber.got).toEqual([]);
    await fanOut.flush(true);
    expect(subscriber.got).toMatchObject([{ to: gateway.hub.offset, views: [{ at: [] }] }]);
  });

  it('leaves a client behind that cannot be written to, and sends it one merged frame', async () => {
    const [slow, quick] = [enter(), enter()];
    slow.blocked = true;
    const from = slow.cursor;
    for (let i = 0; i < 3; i++) {
      step(1, `country ${i}`);
      await fanOut.flush(false);
    }
    expect([slow.got.length, quick.got.length, slow.lagging]).toEqual([0, 3, true]);
    slow.blocked = false;
    await fanOut.flush(false);
    expect(slow.got).toMatchObject([{ from, to: quick.cursor }]);
    expect(slow.got[0]!.views[0]!.at).toHaveLength(3);
    expect(slow.lagging).toBe(false);
  });

  it('writes no more than the credit to a client that does not acknowledge', async () => {
    const subscriber = enter();
    for (let i = 0; i < 30; i++) {
      step(1, `country ${i}`);
      await fanOut.flush(false);
    }
    expect(subscriber.debt).toBeLessThanOrEqual(2_000);
    const before = subscriber.got.length;
    acknowledge(subscriber, subscriber.cursor);
    expect(subscriber.debt).toBe(0);
    await fanOut.flush(false);
    expect(subscriber.got).toHaveLength(before + 1);
    expect(subscriber.cursor).toBe(gateway.hub.offset);
  });

  it('writes no frame of its old group to a client that changes groups meanwhile', async () => {
    const subscribers = Array.from({ length: 251 }, () => enter());
    const moved = subscribers.at(-1)!;
    step(1);
    yieldTurn.mockImplementationOnce(async () => {
      const view = gateway.hub.open(viewOf({ window: '4s' }), VERSION, definition);
      moved.views.set(view.id, view);
      fanOut.place(moved);
    });
    await fanOut.flush(false);
    expect(moved.got.every((frame) => frame.views.length === 2)).toBe(true);
  });
});
