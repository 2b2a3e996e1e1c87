import type { LiveView } from './core/live-view.ts';

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
  write(message: Encoded): void;
}

/** What the gateway knows of one client. */
export interface Peer {
  readonly link: Link;
  readonly views: Map<string, LiveView>;
  /** The room it is in: the key of its set of views. */
  room: string;
  /** Everything up to here has been written to it, for all its views. */
  cursor: number;
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
  room: '',
  cursor: -1,
  owed: [],
  debt: 0,
  lagging: false,
  tail: false,
});

/** The client has applied everything up to an offset. */
export function acknowledge(peer: Peer, to: number): void {
  while (peer.owed.length > 0 && peer.owed[0]!.to <= to) peer.debt -= peer.owed.shift()!.bytes;
}

/** Whether a message of this size may be written now. One larger than the whole credit goes to a client that owes nothing. */
export function mayWrite(peer: Peer, bytes: number, credit: number): boolean {
  return (peer.debt === 0 || peer.debt + bytes <= credit) && peer.link.writable();
}

export function writeFrame(peer: Peer, frame: Encoded, to: number): void {
  peer.link.write(frame);
  peer.cursor = to;
  peer.lagging = false;
  peer.owed.push({ to, bytes: frame.wire.length });
  peer.debt += frame.wire.length;
}
