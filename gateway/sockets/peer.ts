import type { LiveView } from '../core/view/live-view.ts';

/** An event encoded once for all who get it. */
export interface Encoded {
  event: 'frame' | 'beat' | 'tail' | 'notice';
  payload: object;
  /** The message as one unmasked WebSocket text frame. */
  wire: Buffer;
}

/** The one way to a client that rooms know. */
export interface Link {
  readonly id: string;
  /** Whether a message written now goes out without queueing behind others. */
  writable(): boolean;
  /** Writes if it is writable, and says whether it did. */
  write(message: Encoded): boolean;
}

/** Clients with the same set of views; a client whose set changes changes its room. */
export interface Room {
  readonly key: string;
  readonly peers: Set<Peer>;
}

/** What the gateway knows of one client. */
export interface Peer {
  readonly link: Link;
  readonly views: Map<string, LiveView>;
  room: Room | null;
  /** Everything up to here has been written to it, for all its views but those left out. */
  cursor: number;
  /** Where views stand that had to be left out of frames, since they waited for the Store; a frame reaches back to there when they go on. Null where there are none, as nearly always. */
  left: Map<LiveView, number> | null;
  /** Frames written and not acknowledged, oldest first; their bytes are its debt. */
  owed: { to: number; bytes: number }[];
  debt: number;
  /** It fell behind: it gets nothing until it has acknowledged, then one merged frame. */
  lagging: boolean;
  tail: boolean;
}

export const createPeer = (link: Link): Peer => ({
  link,
  views: new Map(),
  room: null,
  cursor: -1,
  left: null,
  owed: [],
  debt: 0,
  lagging: false,
  tail: false,
});

/** The client has applied everything up to an offset. */
export function acknowledge(peer: Peer, to: number): void {
  while (peer.owed.length > 0 && peer.owed[0]!.to <= to) peer.debt -= peer.owed.shift()!.bytes;
}

/** Whether a client may owe so many bytes more. One larger than the whole credit goes to a client that owes nothing. */
export const mayOwe = (peer: Peer, bytes: number, credit: number): boolean =>
  peer.debt === 0 || peer.debt + bytes <= credit;

/** Writes a frame where credit and network allow it; else the client is left behind. */
export function sendFrame(peer: Peer, frame: Encoded, to: number, credit: number): boolean {
  const bytes = frame.wire.length;
  peer.lagging = !mayOwe(peer, bytes, credit) || !peer.link.write(frame);
  if (peer.lagging) return false;
  peer.cursor = to;
  peer.owed.push({ to, bytes });
  peer.debt += bytes;
  return true;
}

/** A frame without these views has reached the client, whose cursor was `at` before. */
export function leaveOut(peer: Peer, views: readonly LiveView[], at: number): void {
  if (views.length === 0) return;
  peer.left ??= new Map();
  for (const view of views) if (!peer.left.has(view)) peer.left.set(view, at);
}

/** Where views that were left out can be told again, the next frame begins at the first of them; views it has no more are forgotten. */
export function bringBack(peer: Peer, isOut: (view: LiveView) => boolean): void {
  if (peer.left === null) return;
  for (const [view, at] of peer.left) {
    const isShown = peer.views.get(view.id) === view;
    if (isShown && isOut(view)) continue;
    peer.left.delete(view);
    if (isShown) peer.cursor = Math.min(peer.cursor, at);
  }
  if (peer.left.size === 0) peer.left = null;
}
