import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Frame } from '#contracts/view/frame.ts';
import { definition, type Gateway, VERSION, viewOf, World } from '../core/testing/hub-world.ts';
import { acknowledge, createPeer, type Encoded, type Peer } from '../sockets/peer.ts';
import { FanOut } from './fan-out.ts';

const encode = vi.fn(
  (event: Encoded['event'], payload: object): Encoded => ({
    event,
    payload,
    wire: Buffer.from(JSON.stringify(payload)),
  }),
);
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
  world.beat();
  gateway.settle();
}

function enter(request = viewOf({})): Peer & { got: Frame[]; blocked: boolean } {
  const got: Frame[] = [];
  const link = {
    id: '',
    writable: () => !peer.blocked,
    write({ payload }: Encoded): boolean {
      if (!peer.blocked) got.push(payload as Frame);
      return !peer.blocked;
    },
  };
  const peer = Object.assign(createPeer(link), { got, blocked: false });
  const view = gateway.hub.open(request, VERSION, definition);
  gateway.settle();
  peer.views.set(view.id, view);
  peer.cursor = gateway.hub.offset;
  fanOut.place(peer);
  return peer;
}

describe('fan-out', () => {
  it('encodes a frame once for all clients of a room, and yields between slices', async () => {
    const peers = Array.from({ length: 600 }, () => enter());
    step(1);
    await fanOut.flush(false);
    expect(encode).toHaveBeenCalledTimes(1);
    expect(yieldTurn).toHaveBeenCalledTimes(2);
    expect(peers.every((p) => p.got.length === 1 && p.got[0] === peers[0]!.got[0])).toBe(true);
  });

  it('yields between slices of many small rooms too', async () => {
    for (let i = 1; i <= 60; i++) enter(viewOf({ range: `${i}m` }));
    step(1);
    await fanOut.flush(false);
    expect(fanOut.rooms.size).toBe(60);
    expect(yieldTurn).toHaveBeenCalled();
  });

  it('sends nothing where nothing changed, unless asked to keep cursors young', async () => {
    const peer = enter(viewOf({ where: { country: 'FR' } }));
    step(3);
    await fanOut.flush(false);
    expect(peer.got).toEqual([]);
    await fanOut.flush(true);
    expect(peer.got).toMatchObject([{ to: gateway.hub.offset, views: [{ at: [] }] }]);
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
    const peer = enter();
    for (let i = 0; i < 30; i++) {
      step(1, `country ${i}`);
      await fanOut.flush(false);
    }
    expect(peer.debt).toBeLessThanOrEqual(2_000);
    const before = peer.got.length;
    acknowledge(peer, peer.cursor);
    expect(peer.debt).toBe(0);
    await fanOut.flush(false);
    expect(peer.got).toHaveLength(before + 1);
    expect(peer.cursor).toBe(gateway.hub.offset);
  });

  it('writes no frame of its old room to a client that changes rooms meanwhile', async () => {
    const peers = Array.from({ length: 251 }, () => enter());
    const moved = peers.at(-1)!;
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
