import type { Frame, FrameView } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import type { Steps } from '../core/steps.ts';
import type { OpenView } from '../core/view/live-view.ts';
import type { ViewHub } from '../core/view-hub.ts';
import type { Encoded } from '../sockets/link.ts';
import { bringBack, leaveOut, type Subscriber, type SubscriptionGroup, sendFrame } from './subscriber.ts';

export interface FanOutDeps {
  hub: () => ViewHub | null;
  identity: string;
  /** Returns what clients must know of a view beside its contents. */
  infoOf: (view: OpenView) => ViewInfo | undefined;
  encode: (frame: Frame) => Steps<Encoded>;
  /** Runs work while the hub does not change. */
  atRest: <T>(work: () => Promise<T>) => Promise<T>;
  /** Resolves in the next turn of the event loop; called between two slices of receivers. */
  yieldTurn: () => Promise<void>;
  /** Bytes a client may owe (docs/RULES.md, the fan-out). */
  credit: number;
  wrote: (frames: number, bytes: number) => void;
}

/** Receivers written to before other work gets a turn, over all subscription groups. */
const RECEIVERS_PER_TURN = 250;
/** The cost of building and encoding a frame, in receivers. */
const ENCODING_COST = 10;

/** Clients with the same set of views are a subscription group: each of its frames is built and encoded once. */
export class FanOut {
  readonly groups = new Map<string, SubscriptionGroup>();
  readonly #deps: FanOutDeps;
  #sinceTurn = 0;

  constructor(deps: FanOutDeps) {
    this.#deps = deps;
  }

  /** To be called when a client has connected, or its set of views has changed. */
  place(subscriber: Subscriber): void {
    this.remove(subscriber);
    bringBack(subscriber, () => true);
    const key = [...subscriber.views]
      .map(([id, { version }]) => `${id}@${version}`)
      .sort()
      .join(' ');
    const group = this.groups.get(key) ?? { key, subscribers: new Set() };
    this.groups.set(key, group);
    group.subscribers.add(subscriber);
    subscriber.group = group;
  }

  remove(subscriber: Subscriber): void {
    const { group } = subscriber;
    subscriber.group = null;
    group?.subscribers.delete(subscriber);
    if (group?.subscribers.size === 0) this.groups.delete(group.key);
  }

  /** Sends every group what changed; with `all` also where nothing did, so that no cursor is ever old. */
  async flush(all: boolean): Promise<void> {
    for (const group of [...this.groups.values()]) {
      if (this.#sinceTurn >= RECEIVERS_PER_TURN) await this.#turn();
      await this.#flushGroup(group, all);
    }
  }

  async #turn(): Promise<void> {
    await this.#deps.yieldTurn();
    this.#sinceTurn = 0;
  }

  async #flushGroup(group: SubscriptionGroup, all: boolean): Promise<void> {
    // Most of the work before the hub has to wait, then what has changed meanwhile.
    await this.#compute(group);
    const frames = await this.#deps.atRest(async () => {
      await this.#compute(group);
      return this.#build(group, all);
    });
    if (frames === null) return;
    const { cut, from, ready, behind, live, late } = frames;
    // Only a late joiner can have a cursor below `ready`.
    if (live !== null)
      await this.#write(group, ready, (subscriber) => (subscriber.cursor < from ? null : live), cut);
    await this.#write(group, behind, (subscriber) => late.get(subscriber.cursor) ?? null, cut);
  }

  /** Computes, in turns, the values that frames are then built of. */
  async #compute(group: SubscriptionGroup): Promise<void> {
    const cut = cutOf(group, this.#deps.hub());
    if (cut === null) return;
    let lowest = cut.to;
    for (const { cursor } of group.subscribers) lowest = Math.min(lowest, cursor);
    for (const view of cut.views) if (view.changedAt > lowest) await runInTurns(view.compute(lowest));
  }

  /** Builds all frames of this moment, in turns. Returns null where there is nothing to send. */
  async #build(group: SubscriptionGroup, all: boolean): Promise<Frames | null> {
    const cut = cutOf(group, this.#deps.hub());
    if (cut === null) return null;
    const { views, to } = cut;
    const ready: Subscriber[] = [];
    const behind: Subscriber[] = [];
    for (const subscriber of group.subscribers) {
      bringBack(subscriber, (view) => cut.out.includes(view));
      if (subscriber.cursor < to) (subscriber.lagging ? behind : ready).push(subscriber);
    }
    const from = ready.reduce((low, subscriber) => Math.min(low, subscriber.cursor), to);
    const news = from < to && (all || views.some((view) => view.changedAt > from));
    const live = news ? await runInTurns(this.#encode(cut, from)) : null;
    return { cut, from, ready, behind, live, late: await this.#lateFrames(cut, behind) };
  }

  /** Builds one merged frame for each cursor of clients that have caught up with their acknowledgements. */
  async #lateFrames(cut: Cut, behind: Subscriber[]): Promise<Map<number, Encoded>> {
    const frames = new Map<number, Encoded>();
    for (const subscriber of behind) {
      if (
        subscriber.debt > this.#deps.credit / 2 ||
        !subscriber.link.writable() ||
        frames.has(subscriber.cursor)
      )
        continue;
      const { cursor } = subscriber;
      frames.set(cursor, await runInTurns(this.#encode(cut, cursor)));
    }
    return frames;
  }

  async #write(
    group: SubscriptionGroup,
    subscribers: Subscriber[],
    frameOf: (subscriber: Subscriber) => Encoded | null,
    { to, out }: Cut,
  ): Promise<void> {
    const { credit, wrote } = this.#deps;
    let written = 0;
    let bytes = 0;
    for (const subscriber of subscribers) {
      if (this.#sinceTurn >= RECEIVERS_PER_TURN) await this.#turn();
      // During other work's turn it may have left, or moved to a group that this frame does not cover.
      if (subscriber.group !== group || subscriber.cursor >= to) continue;
      const frame = frameOf(subscriber);
      if (frame === null) continue;
      this.#sinceTurn++;
      const before = subscriber.cursor;
      if (!sendFrame(subscriber, frame, to, credit)) continue;
      leaveOut(subscriber, out, before);
      written++;
      bytes += frame.wire.length;
    }
    if (written > 0) wrote(written, bytes);
  }

  *#encode({ hub, views, to }: Cut, from: number): Steps<Encoded> {
    this.#sinceTurn += ENCODING_COST;
    const changes: FrameView[] = [];
    for (const view of views) changes.push(this.#describe(view, yield* hub.since(view, from)));
    const frame: Frame = { epoch: hub.epoch(this.#deps.identity), from, to, views: changes };
    return yield* this.#deps.encode(frame);
  }

  /** Adds the view's description to a snapshot: one that no client asked for may come from a change of the metric. */
  #describe(view: OpenView, change: FrameView): FrameView {
    const info = change.snapshot ? this.#deps.infoOf(view) : undefined;
    return info === undefined ? change : { ...change, info };
  }
}

/** The frames of one moment for one subscription group. */
interface Frames {
  cut: Cut;
  /** The lowest cursor of clients that are up to date. */
  from: number;
  ready: Subscriber[];
  behind: Subscriber[];
  /** For clients that are ready; null where nothing is new to them. */
  live: Encoded | null;
  /** By cursor, for clients that caught up. */
  late: Map<number, Encoded>;
}

/** What the frames of one moment are cut from. */
interface Cut {
  hub: ViewHub;
  to: number;
  views: OpenView[];
  /** Views that wait for the Store: they are left out while the others of the board go on. */
  out: OpenView[];
}

/** Returns null where there is nothing to send. */
function cutOf({ subscribers }: SubscriptionGroup, hub: ViewHub | null): Cut | null {
  const [subscriber] = subscribers;
  if (hub === null || subscriber === undefined) return null;
  const cut: Cut = { hub, to: hub.offset, views: [], out: [] };
  for (const view of subscriber.views.values()) (hub.isReady(view) ? cut.views : cut.out).push(view);
  return cut.views.length === 0 ? null : cut;
}
