import type { Frame, FrameView } from '#contracts/frame.ts';
import type { ViewInfo } from '#contracts/view.ts';
import type { LiveView } from './core/live-view.ts';
import type { ViewHub } from './core/view-hub.ts';
import { type Encoded, mayWrite, type Peer, writeFrame } from './peer.ts';

export interface FanOutDeps {
  hub: () => ViewHub | null;
  identity: string;
  /** What its clients must know of a view beside its contents. */
  infoOf: (view: LiveView) => ViewInfo | undefined;
  encode: (event: Encoded['event'], payload: object) => Encoded;
  /** Gives the event loop a turn between two slices of receivers. */
  yieldTurn: () => Promise<void>;
  /** Bytes a client may owe. */
  credit: number;
  wrote: (frames: number, bytes: number) => void;
}

/** Receivers written to before other work gets a turn. */
const SLICE = 250;

/** Clients with the same set of views share a room, and every frame of a room is built and encoded once. */
export class FanOut {
  readonly rooms = new Map<string, Set<Peer>>();
  readonly #deps: FanOutDeps;

  constructor(deps: FanOutDeps) {
    this.#deps = deps;
  }

  /** The client has come, or its set of views has changed. */
  place(peer: Peer): void {
    this.remove(peer);
    peer.room = [...peer.views]
      .map(([id, { version }]) => `${id}@${version}`)
      .sort()
      .join(' ');
    const room = this.rooms.get(peer.room);
    if (room === undefined) this.rooms.set(peer.room, new Set([peer]));
    else room.add(peer);
  }

  remove(peer: Peer): void {
    const room = this.rooms.get(peer.room);
    room?.delete(peer);
    if (room?.size === 0) this.rooms.delete(peer.room);
  }

  /** Sends every room what changed; with `all` also where nothing did, so that no cursor is ever old. */
  async flush(all: boolean): Promise<void> {
    for (const room of [...this.rooms.values()]) await this.#flushRoom(room, all);
  }

  async #flushRoom(room: Set<Peer>, all: boolean): Promise<void> {
    const hub = this.#deps.hub();
    const views = viewsOf(room);
    if (hub === null || views.length === 0 || !views.every((view) => hub.isReady(view))) return;
    const to = hub.offset;
    const ready: Peer[] = [];
    const behind: Peer[] = [];
    for (const peer of room) {
      if (peer.cursor < to) (peer.lagging ? behind : ready).push(peer);
    }
    const from = ready.reduce((low, peer) => Math.min(low, peer.cursor), to);
    const news = from < to && (all || views.some((view) => view.changed > from));
    // All frames are built before the first turn is given away: they belong to this moment.
    const live = news ? this.#encode(hub, views, from, to) : null;
    const late = this.#lateFrames(hub, views, behind, to);
    if (live !== null) await this.#write(ready, () => live, to);
    await this.#write(behind, (peer) => late.get(peer.cursor) ?? null, to);
  }

  /** One merged frame for each cursor that clients who caught up with their acknowledgements stand at. */
  #lateFrames(hub: ViewHub, views: LiveView[], behind: Peer[], to: number): Map<number, Encoded> {
    const frames = new Map<number, Encoded>();
    for (const peer of behind) {
      if (peer.debt > this.#deps.credit / 2 || !peer.link.writable() || frames.has(peer.cursor)) continue;
      frames.set(peer.cursor, this.#encode(hub, views, peer.cursor, to));
    }
    return frames;
  }

  async #write(peers: Peer[], frameOf: (peer: Peer) => Encoded | null, to: number): Promise<void> {
    let written = 0;
    let bytes = 0;
    for (const [i, peer] of peers.entries()) {
      if (i > 0 && i % SLICE === 0) await this.#deps.yieldTurn();
      const room = peer.room;
      // While others had their turn it may have left, or moved to a room that this frame does not cover.
      if (!this.rooms.get(room)?.has(peer) || peer.views.size === 0 || peer.cursor >= to) continue;
      const frame = frameOf(peer);
      if (frame === null) continue;
      if (!covers(frame, peer)) continue;
      if (mayWrite(peer, frame.wire.length, this.#deps.credit)) {
        writeFrame(peer, frame, to);
        written++;
        bytes += frame.wire.length;
      } else peer.lagging = true;
    }
    if (written > 0) this.#deps.wrote(written, bytes);
  }

  #encode(hub: ViewHub, views: LiveView[], from: number, to: number): Encoded {
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

function viewsOf(room: Set<Peer>): LiveView[] {
  for (const { views } of room) return [...views.values()];
  return [];
}

const covers = ({ payload }: Encoded, { views, cursor }: Peer): boolean => {
  const frame = payload as Frame;
  return (
    frame.from <= cursor &&
    frame.views.length === views.size &&
    frame.views.every((v) => views.get(v.view)?.version === v.version)
  );
};
