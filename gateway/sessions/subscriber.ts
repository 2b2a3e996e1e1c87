import type { OpenView } from '../core/view/live-view.ts';
import type { Encoded, Link } from '../sockets/link.ts';

/** Subscribers with the same set of views; a subscriber moves to another group when its set changes. */
export interface SubscriptionGroup {
  readonly key: string;
  readonly subscribers: Set<Subscriber>;
}

/** What the fan-out knows of one client. */
export interface Subscriber {
  readonly link: Link;
  readonly views: Map<string, OpenView>;
  group: SubscriptionGroup | null;
  /** Everything up to here has been written to it, for all its views but those left out. */
  cursor: number;
  /** Views left out of frames while they wait for the Store, with the cursor to which a later frame must reach back. Null where there are none, as nearly always. */
  leftOut: Map<OpenView, number> | null;
  /** Frames written and not acknowledged, oldest first; their bytes are its debt. */
  owed: { to: number; bytes: number }[];
  debt: number;
  /** It fell behind: it gets nothing until it has acknowledged, then one merged frame. */
  lagging: boolean;
  tail: boolean;
}

export const createSubscriber = (link: Link): Subscriber => ({
  link,
  views: new Map(),
  group: null,
  cursor: -1,
  leftOut: null,
  owed: [],
  debt: 0,
  lagging: false,
  tail: false,
});

/** To be called when the client has applied everything up to an offset. */
export function acknowledge(subscriber: Subscriber, to: number): void {
  const { owed } = subscriber;
  while (owed.length > 0 && owed[0]!.to <= to) subscriber.debt -= owed.shift()!.bytes;
}

/** Whether a client may owe this many bytes more. A frame larger than the whole credit goes to a client that owes nothing. */
const mayOwe = ({ debt }: Subscriber, bytes: number, credit: number): boolean =>
  debt === 0 || debt + bytes <= credit;

/** Writes a frame where credit and network allow it; else the client lags from now on. Returns whether it was written. */
export function sendFrame(subscriber: Subscriber, frame: Encoded, to: number, credit: number): boolean {
  const bytes = frame.wire.length;
  subscriber.lagging = !mayOwe(subscriber, bytes, credit) || !subscriber.link.write(frame);
  if (subscriber.lagging) return false;
  subscriber.cursor = to;
  subscriber.owed.push({ to, bytes });
  subscriber.debt += bytes;
  return true;
}

/** Remembers the views that a written frame left out, with the cursor before it. */
export function leaveOut(subscriber: Subscriber, views: readonly OpenView[], before: number): void {
  if (views.length === 0) return;
  subscriber.leftOut ??= new Map();
  for (const view of views) if (!subscriber.leftOut.has(view)) subscriber.leftOut.set(view, before);
}

/** Moves the cursor back to where the first view was left out that can be sent again, and forgets views that the client has no more. */
export function bringBack(subscriber: Subscriber, isOut: (view: OpenView) => boolean): void {
  const { leftOut } = subscriber;
  if (leftOut === null) return;
  for (const [view, before] of leftOut) {
    const isShown = subscriber.views.get(view.id) === view;
    if (isShown && isOut(view)) continue;
    leftOut.delete(view);
    if (isShown) subscriber.cursor = Math.min(subscriber.cursor, before);
  }
  if (leftOut.size === 0) subscriber.leftOut = null;
}
