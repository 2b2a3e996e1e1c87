import { ERRORS, type Fault } from '#contracts/errors.ts';
import type { Frame } from '#contracts/view/frame.ts';
import type { Refusal, Subscribe, SubscribeReply } from '#contracts/view/protocol.ts';
import { type View, viewText } from '#contracts/view/view.ts';
import { finish, type Steps } from '#gateway/core/steps.ts';
import type { OpenView } from '#gateway/core/view/live-view.ts';
import type { ViewHub } from '#gateway/core/view-hub.ts';
import type { Core } from './core.ts';
import { SimCatalog } from './sim-catalog.ts';
import { SimFollower } from './sim-follower.ts';
import { SimReads } from './sim-reads.ts';
import { CHANGING_VIEWS, type SimView, viewIn } from './sim-views.ts';
import { CHANGING, readChanging } from './simulated-metrics.ts';
import type { World } from './simulated-world.ts';
import { shownBy, textOf } from './view-text.ts';

/** What is on its way to a client; `shown` is what its contents must be once a frame is applied. */
export type Delivery =
  | { kind: 'frame'; frame: Frame; shown: string }
  | { kind: 'reply'; answer: () => void; shown: string; refusal?: Refusal }
  | { kind: 'ended'; refusal: Refusal };

/** A subscription that is not answered yet, and its view. */
interface Asked {
  message: Subscribe;
  of: SimView;
  live: OpenView;
  reply: (answer: unknown) => void;
}

/** The gateway's side of a client: the view and offset that it was brought to, and its open requests. */
export interface Peer {
  readonly of: SimView;
  live: OpenView | null;
  cursor: number;
  asked: Asked[];
  send(delivery: Delivery): void;
}

/** Joins read in this order, with any delay between them. */
interface Joining {
  offset: number | null;
  ends: Map<number, number> | null;
}

const AWAY: Fault = { code: 'store_unavailable', message: 'The Store is away.' };
const UNKNOWN: Fault = { code: 'unknown_metric', message: 'There is no such metric.' };
const CELLS = 1_000_000;

const refusalOf = (fault: Fault): Refusal => ({ ...fault, retry: ERRORS[fault.code].retry });

/** The edges of a gateway around the real core: its join, reads that take their time, rooms and their frames. */
export class SimGateway {
  hub: ViewHub | null = null;
  readonly #world: World;
  readonly #core: Core;
  readonly peers = new Set<Peer>();
  readonly catalog: SimCatalog;
  readonly #follower: SimFollower;
  #joining: Joining = { offset: null, ends: null };
  readonly #reads: SimReads;
  /** A record that is half applied, and views that are half filled. */
  #applying: Steps | null = null;
  #filling: Steps | null = null;
  #turns = 0;

  constructor(world: World, core: Core) {
    this.#world = world;
    this.#core = core;
    this.catalog = new SimCatalog(world.definitions, core);
    this.#follower = new SimFollower(this, core);
    this.#reads = new SimReads(world.store);
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
      this.hub = new this.#core.ViewHub({
        offset,
        ends,
        commits,
        cells: CELLS,
        idOf: (text) => text,
        stride: 1,
        rankEvery: 0,
      });
    }
    return true;
  }

  apply(): boolean {
    if (this.hub === null) return false;
    const update = this.#world.update(this.hub.offset);
    if (this.#applying === null && update === undefined) return false;
    this.#applying ??= this.hub.applying(this.hub.offset, update!);
    if (this.#takeSteps(this.#applying)) this.#applying = null;
    this.#fill();
    return true;
  }

  /** Runs some steps of a task, now and then all of them; true when it is done. */
  #takeSteps(steps: Steps): boolean {
    for (let left = this.#turns++ % 4; left > 0; left--) if (steps.next().done) return true;
    return this.#turns % 3 === 0 && finish(steps) === undefined;
  }

  #fill(): void {
    this.#filling ??= this.hub!.filling();
    if (this.#takeSteps(this.#filling)) this.#filling = null;
  }

  #fillAll(): void {
    if (this.#filling !== null) finish(this.#filling);
    this.#filling = null;
    if (this.hub !== null) finish(this.hub.filling());
  }

  /** A read begins: its rows are those of this moment. */
  begin(): boolean {
    return this.#reads.begin(this.hub);
  }

  /** One of the reads under way ends, not always the oldest. */
  finish(nth: number, fails: boolean): boolean {
    const read = this.#reads.end(nth);
    if (read === undefined || this.hub === null) return false;
    if (fails) this.hub.failRead(read.request, AWAY);
    else {
      finish(this.hub.applyingRows(read.request, read.rows));
      this.hub.endRead(read.request);
    }
    this.#fill();
    this.#tellEnded();
    return true;
  }

  #tellEnded(): void {
    for (const { view, fault } of this.hub?.drainEnded() ?? []) {
      for (const peer of this.peers) {
        if (peer.live !== view) continue;
        peer.live = null;
        peer.send({ kind: 'ended', refusal: refusalOf(fault) });
      }
    }
  }

  /** Reads one definition, and begins to follow it. */
  learn(): boolean {
    if (!this.catalog.read()) return false;
    this.#follower.begin();
    this.#tellEnded();
    return true;
  }

  /** Moves the readers of views whose next version is ready. */
  follow(): void {
    this.#follower.step();
    this.#tellEnded();
  }

  /** The view as it is served here; null where there is no such metric. */
  find(of: SimView): SimView | null {
    if (of.view.metric !== CHANGING) return of;
    const served = this.catalog.catalog.metrics.get(CHANGING)?.served;
    return served === undefined ? null : viewIn(of, readChanging(served.version, served.body));
  }

  /** Does everything that is possible now. */
  run(): void {
    while (this.join() || this.learn());
    while (this.apply() || this.begin() || this.finish(0, false));
    this.#fillAll();
    this.follow();
    this.answer(true);
    this.flush(null, true);
  }

  attach(peer: Peer): void {
    this.peers.add(peer);
  }

  /** The connection is gone; the views stay for a while. */
  detach(peer: Peer): void {
    this.peers.delete(peer);
  }

  /** Closes the views without clients. */
  sweep(): void {
    for (const view of [...(this.hub?.views ?? [])]) if (!this.isUsed(view)) this.hub?.close(view);
  }

  isUsed(view: OpenView): boolean {
    const isOf = (p: Peer) => p.live === view || p.asked.some(({ live }) => live === view);
    return this.#follower.awaits(view) || [...this.peers].some(isOf);
  }

  /** The same view of the version that is served. */
  openServed(request: View): OpenView | null {
    const of = CHANGING_VIEWS.find(({ view }) => viewText(view) === viewText(request));
    return this.open(of!);
  }

  open(of: SimView): OpenView | null {
    const found = this.find(of);
    return found && this.hub!.open(found.view, found.version, found.definition);
  }

  ask(peer: Peer, message: Subscribe, reply: (answer: unknown) => void): void {
    const of = this.find(peer.of);
    if (of === null) this.#refuse(UNKNOWN, peer, reply);
    else peer.asked.push({ message, of, live: this.open(of)!, reply });
  }

  /** Answers the requests that can be answered; a client that is ahead of this gateway waits while it is patient. */
  answer(patient: boolean): void {
    if (this.hub === null) return;
    for (const peer of this.peers) {
      const { asked } = peer;
      peer.asked = [];
      peer.asked.push(...asked.filter((one) => !this.#answerOne(peer, one, patient)));
    }
  }

  #refuse(fault: Fault, peer: Peer, reply: Asked['reply']): void {
    const refusal = refusalOf(fault);
    const answer = () => reply({ ok: false, error: refusal } satisfies SubscribeReply);
    peer.send({ kind: 'reply', answer, shown: '', refusal });
  }

  #answerOne(peer: Peer, { message, of, live, reply }: Asked, patient: boolean): boolean {
    const hub = this.hub!;
    const { identity } = this.#world;
    const { cursor = null, version } = message;
    const held = cursor ? { cursor, ...(version === undefined ? {} : { version }) } : null;
    const usable = this.#core.usableCursor(live, held);
    const behind = usable?.epoch === identity && usable.offset > hub.offset;
    const can = hub.isOpen(live) && hub.isReady(live);
    if (patient && hub.isOpen(live) && (!can || behind)) return false;
    if (!can) {
      const served = this.find(peer.of);
      if (served === null || served.version === live.version) this.#refuse(AWAY, peer, reply);
      else this.ask(peer, message, reply);
      return true;
    }
    const change = finish(usable === null ? live.snapshot() : hub.resume(live, usable, identity));
    const to = hub.offset;
    peer.cursor = to;
    peer.live = live;
    const from = Math.min(cursor?.offset ?? to, to);
    const frame = { epoch: hub.epoch(identity), from, to, views: [change] };
    const { info } = of;
    const answer = () => reply({ ok: true, info, frame } satisfies SubscribeReply);
    peer.send({ kind: 'reply', answer, shown: textOf(shownBy(finish(live.snapshot()))) });
    return true;
  }

  /** Sends every room one frame of what changed since its oldest cursor, except to the client that has no credit left. */
  flush(lagging: Peer | null, all: boolean): void {
    if (this.hub === null) return;
    const rooms = Map.groupBy(
      [...this.peers].filter((p) => p !== lagging && p.live !== null),
      (p) => p.live!,
    );
    for (const [live, peers] of rooms) this.#flushRoom(this.hub, live, peers, all);
  }

  #flushRoom(hub: ViewHub, live: OpenView, peers: readonly Peer[], all: boolean): void {
    const to = hub.offset;
    const due = peers.filter((p) => p.cursor < to);
    const from = Math.min(...due.map((p) => p.cursor));
    if (due.length === 0 || !hub.isReady(live) || !(all || live.changedAt > from)) return;
    const frame = {
      epoch: hub.epoch(this.#world.identity),
      from,
      to,
      views: [finish(hub.since(live, from))],
    };
    const shown = textOf(shownBy(finish(live.snapshot())));
    for (const peer of due) {
      peer.cursor = to;
      peer.send({ kind: 'frame', frame, shown });
    }
  }
}
