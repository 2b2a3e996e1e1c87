import type { Frame } from '#contracts/frame.ts';
import type { Subscribe, SubscribeReply } from '#contracts/protocol.ts';
import type { PaneRow } from '#contracts/rows.ts';
import type { LiveView } from '#gateway/core/live-view.ts';
import type { ReadRequest } from '#gateway/core/metric-views.ts';
import type { ViewHub } from '#gateway/core/view-hub.ts';
import type { Core } from './core.ts';
import type { SimView } from './sim-views.ts';
import { shownBy, textOf } from './view-text.ts';
import type { World } from './world.ts';

/** What is on its way to a client; `shown` is what its contents must be once a frame is applied. */
export type Delivery =
  | { kind: 'frame'; frame: Frame; shown: string }
  | { kind: 'reply'; answer: () => void; shown: string }
  | { kind: 'ended' };

/** The gateway's side of a client: where it was brought to, and what it asked for. */
export interface Peer {
  readonly of: SimView;
  live: LiveView | null;
  cursor: number;
  asked: { message: Subscribe; live: LiveView; reply: (answer: unknown) => void }[];
  send(delivery: Delivery): void;
}

/** Joins read in this order, with any delay between them. */
interface Joining {
  offset: number | null;
  ends: Map<number, number> | null;
}

const AWAY = { code: 'store_unavailable', message: 'The Store is away.' } as const;
const CELLS = 1_000_000;

/** The edges of a gateway around the real core: its join, reads that take their time, rooms and their frames. */
export class SimGateway {
  hub: ViewHub | null = null;
  readonly #world: World;
  readonly #core: Core;
  readonly #peers = new Set<Peer>();
  #joining: Joining = { offset: null, ends: null };
  #wanted: ReadRequest[] = [];
  #reading: { request: ReadRequest; rows: PaneRow[] }[] = [];

  constructor(world: World, core: Core) {
    this.#world = world;
    this.#core = core;
  }

  /** One step of the join: the end of the updates, then the ends of the events, then the commits. False when joined. */
  join(): boolean {
    const { logs, store, end } = this.#world;
    const { offset, ends } = this.#joining;
    if (this.hub !== null) return false;
    if (offset === null) this.#joining.offset = end;
    else if (ends === null) this.#joining.ends = new Map(logs.map((log, p) => [p, log.records.length]));
    else {
      const commits = [...store.commits.values()];
      this.hub = new this.#core.ViewHub({ offset, ends, commits, cells: CELLS });
    }
    return true;
  }

  apply(): boolean {
    const update = this.hub === null ? undefined : this.#world.update(this.hub.offset);
    if (update === undefined) return false;
    this.hub!.apply(this.hub!.offset, update);
    return true;
  }

  /** A read begins: its rows are those of this moment. */
  begin(): boolean {
    this.#wanted.push(...(this.hub?.takeReads() ?? []));
    const request = this.#wanted.shift();
    if (request === undefined) return false;
    this.#reading.push({ request, rows: this.#world.store.readPanes(request) });
    return true;
  }

  /** One of the reads under way ends, not always the oldest. */
  finish(nth: number, fails: boolean): boolean {
    const [read] = this.#reading.splice(nth % Math.max(1, this.#reading.length), 1);
    if (read === undefined || this.hub === null) return false;
    if (fails) this.hub.failRead(read.request, AWAY);
    else this.hub.finishRead(read.request, read.rows);
    for (const { view } of this.hub.takeEnded()) {
      for (const peer of this.#peers) {
        if (peer.live !== view) continue;
        peer.live = null;
        peer.send({ kind: 'ended' });
      }
    }
    return true;
  }

  /** All that nothing holds up. */
  run(): void {
    while (this.join());
    while (this.apply() || this.begin() || this.finish(0, false));
    this.answer(true);
    this.flush(null, true);
  }

  attach(peer: Peer): void {
    this.#peers.add(peer);
  }

  /** The connection is gone; the views stay for a while. */
  detach(peer: Peer): void {
    this.#peers.delete(peer);
  }

  /** Nobody has come back: views without clients end. */
  sweep(): void {
    if (this.hub === null) return;
    for (const view of [...this.hub.views]) {
      const used = [...this.#peers].some((p) => p.live === view || p.asked.some((a) => a.live === view));
      if (!used) this.hub.close(view);
    }
  }

  open({ view, version, definition }: SimView): LiveView {
    return this.hub!.open(view, version, definition);
  }

  ask(peer: Peer, message: Subscribe, reply: (answer: unknown) => void): void {
    peer.asked.push({ message, live: this.open(peer.of), reply });
  }

  /** Answers who can be answered; who is ahead of this gateway waits while it is patient. */
  answer(patient: boolean): void {
    if (this.hub === null) return;
    for (const peer of this.#peers) {
      peer.asked = peer.asked.filter((asked) => !this.#answerOne(peer, asked, patient));
    }
  }

  #answerOne(peer: Peer, { message, live, reply }: Peer['asked'][number], patient: boolean): boolean {
    const hub = this.hub!;
    const { identity } = this.#world;
    const { cursor = null, version } = message;
    const usable = version === undefined || version === live.version ? cursor : null;
    const behind = usable?.epoch === identity && usable.offset > hub.offset;
    const can = hub.isOpen(live) && hub.isReady(live);
    if (patient && hub.isOpen(live) && (!can || behind)) return false;
    if (!can) {
      const error = { ...AWAY, retry: true };
      const refuse = () => reply({ ok: false, error } satisfies SubscribeReply);
      peer.send({ kind: 'reply', answer: refuse, shown: '' });
      return true;
    }
    const change = usable === null ? live.snapshot() : hub.resume(live, usable, identity);
    const to = hub.offset;
    peer.cursor = to;
    peer.live = live;
    const from = Math.min(cursor?.offset ?? to, to);
    const frame = { epoch: hub.epoch(identity), from, to, views: [change] };
    const { info } = peer.of;
    const answer = () => reply({ ok: true, info, frame } satisfies SubscribeReply);
    peer.send({ kind: 'reply', answer, shown: textOf(shownBy(live.snapshot())) });
    return true;
  }

  /** Sends every room one frame of what changed since its oldest cursor, to all but who is behind with its credit. */
  flush(lagging: Peer | null, all: boolean): void {
    if (this.hub === null) return;
    const rooms = Map.groupBy(
      [...this.#peers].filter((p) => p !== lagging && p.live !== null),
      (p) => p.live!,
    );
    for (const [live, peers] of rooms) this.#flushRoom(this.hub, live, peers, all);
  }

  #flushRoom(hub: ViewHub, live: LiveView, peers: readonly Peer[], all: boolean): void {
    const to = hub.offset;
    const due = peers.filter((p) => p.cursor < to);
    const from = Math.min(...due.map((p) => p.cursor));
    if (due.length === 0 || !hub.isReady(live) || !(all || live.changed > from)) return;
    const frame = { epoch: hub.epoch(this.#world.identity), from, to, views: [hub.since(live, from)] };
    const shown = textOf(shownBy(live.snapshot()));
    for (const peer of due) {
      peer.cursor = to;
      peer.send({ kind: 'frame', frame, shown });
    }
  }
}
