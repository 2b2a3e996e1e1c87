import type { Frame, FrameView } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import type { LiveView } from '../core/view/live-view.ts';
import type { ViewHub } from '../core/view-hub.ts';
import { bringBack, type Encoded, leaveOut, type Peer, type Room, sendFrame } from '../sockets/peer.ts';

export interface FanOutDeps {
  hub: () => ViewHub | null;
  identity: string;
  /** What its clients must know of a view beside its contents. */
  infoOf: (view: LiveView) => ViewInfo | undefined;
  encode: (event: Encoded['event'], payload: object) => Encoded;
  /** Does work while the hub stands still. */
  atRest: <T>(work: () => Promise<T>) => Promise<T>;
  /** Gives the event loop a turn between two slices of receivers. */
  yieldTurn: () => Promise<void>;
  /** Bytes a client may owe. */
  credit: number;
  wrote: (frames: number, bytes: number) => void;
}

/** Receivers written to before other work gets a turn, over all rooms. */
const SLICE = 250;
/** What building and encoding a frame counts for, in receivers. */
const ENCODING = 10;

/** Clients with the same set of views share a room, and every frame of a room is built and encoded once. */
export class FanOut {
  readonly rooms = new Map<string, Room>();
  readonly #deps: FanOutDeps;
  #sinceTurn = 0;

  constructor(deps: FanOutDeps) {
    this.#deps = deps;
  }

  /** The client has come, or its set of views has changed. */
  place(peer: Peer): void {
    this.remove(peer);
    bringBack(peer, () => true);
    const key = [...peer.views]
      .map(([id, { version }]) => `${id}@${version}`)
      .sort()
      .join(' ');
    const room = this.rooms.get(key) ?? { key, peers: new Set() };
    this.rooms.set(key, room);
    room.peers.add(peer);
    peer.room = room;
  }

  remove(peer: Peer): void {
    const { room } = peer;
    peer.room = null;
    room?.peers.delete(peer);
    if (room?.peers.size === 0) this.rooms.delete(room.key);
  }

  /** Sends every room what changed; with `all` also where nothing did, so that no cursor is ever old. */
  async flush(all: boolean): Promise<void> {
    for (const room of [...this.rooms.values()]) {
      if (this.#sinceTurn >= SLICE) await this.#turn();
      await this.#flushRoom(room, all);
    }
  }

  async #turn(): Promise<void> {
    await this.#deps.yieldTurn();
    this.#sinceTurn = 0;
  }

  async #flushRoom(room: Room, all: boolean): Promise<void> {
    // Most of it before others wait for it, and then what has changed meanwhile.
    await this.#compute(room);
    const frames = await this.#deps.atRest(async () => {
      await this.#compute(room);
      return this.#build(room, all);
    });
    if (frames === null) return;
    const { cut, from, ready, behind, live, late } = frames;
    // Only a late joiner can have a cursor below that of `ready`.
    if (live !== null) await this.#write(room, ready, (peer) => (peer.cursor < from ? null : live), cut);
    await this.#write(room, behind, (peer) => late.get(peer.cursor) ?? null, cut);
  }

  /** Computes in turns what frames are made of at once. */
  async #compute(room: Room): Promise<void> {
    const cut = cutOf(room, this.#deps.hub());
    if (cut === null) return;
    let lowest = cut.to;
    for (const { cursor } of room.peers) lowest = Math.min(lowest, cursor);
    for (const view of cut.views) if (view.changed > lowest) await runInTurns(view.compute(lowest));
  }

  /** The frames of this moment: all are built before a turn is given away. Null where there is nothing to tell. */
  #build(room: Room, all: boolean): Frames | null {
    const cut = cutOf(room, this.#deps.hub());
    if (cut === null) return null;
    const { views, to } = cut;
    const ready: Peer[] = [];
    const behind: Peer[] = [];
    for (const peer of room.peers) {
      bringBack(peer, (view) => cut.out.includes(view));
      if (peer.cursor < to) (peer.lagging ? behind : ready).push(peer);
    }
    const from = ready.reduce((low, peer) => Math.min(low, peer.cursor), to);
    const news = from < to && (all || views.some((view) => view.changed > from));
    const live = news ? this.#encode(cut, from) : null;
    return { cut, from, ready, behind, live, late: this.#lateFrames(cut, behind) };
  }

  /** One merged frame for each cursor that clients who caught up with their acknowledgements stand at. */
  #lateFrames(cut: Cut, behind: Peer[]): Map<number, Encoded> {
    const frames = new Map<number, Encoded>();
    for (const peer of behind) {
      if (peer.debt > this.#deps.credit / 2 || !peer.link.writable() || frames.has(peer.cursor)) continue;
      frames.set(peer.cursor, this.#encode(cut, peer.cursor));
    }
    return frames;
  }

  async #write(
    room: Room,
    peers: Peer[],
    frameOf: (peer: Peer) => Encoded | null,
    { to, out }: Cut,
  ): Promise<void> {
    const { credit, wrote } = this.#deps;
    let written = 0;
    let bytes = 0;
    for (const peer of peers) {
      if (this.#sinceTurn >= SLICE) await this.#turn();
      // While others had their turn it may have left, or moved to a room that this frame does not cover.
      if (peer.room !== room || peer.cursor >= to) continue;
      const frame = frameOf(peer);
      if (frame === null) continue;
      this.#sinceTurn++;
      const before = peer.cursor;
      if (!sendFrame(peer, frame, to, credit)) continue;
      leaveOut(peer, out, before);
      written++;
      bytes += frame.wire.length;
    }
    if (written > 0) wrote(written, bytes);
  }

  #encode({ hub, views, to }: Cut, from: number): Encoded {
    this.#sinceTurn += ENCODING;
    const changes = views.map((view) => this.#describe(view, hub.since(view, from)));
    const frame: Frame = { epoch: hub.epoch(this.#deps.identity), from, to, views: changes };
    return this.#deps.encode('frame', frame);
  }

  /** A snapshot that nobody asked for may come of a change of the metric. */
  #describe(view: LiveView, change: FrameView): FrameView {
    const info = change.snapshot ? this.#deps.infoOf(view) : undefined;
    return info === undefined ? change : { ...change, info };
  }
}

/** What a room is sent of one moment. */
interface Frames {
  cut: Cut;
  /** The lowest cursor of those who are up to date. */
  from: number;
  ready: Peer[];
  behind: Peer[];
  /** For those who are ready; null where nothing is new to them. */
  live: Encoded | null;
  /** By cursor, for those who caught up. */
  late: Map<number, Encoded>;
}

/** What the frames of one moment are cut from. */
interface Cut {
  hub: ViewHub;
  to: number;
  views: LiveView[];
  /** Views that wait for the Store: they stand still, the others of the board go on. */
  out: LiveView[];
}

/** Null where there is nothing to tell. */
function cutOf({ peers }: Room, hub: ViewHub | null): Cut | null {
  const [peer] = peers;
  if (hub === null || peer === undefined) return null;
  const cut: Cut = { hub, to: hub.offset, views: [], out: [] };
  for (const view of peer.views.values()) (hub.isReady(view) ? cut.views : cut.out).push(view);
  return cut.views.length === 0 ? null : cut;
}
