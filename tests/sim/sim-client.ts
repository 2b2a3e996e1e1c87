import type { Environment } from '#client/host/environment.ts';
import type { SharedView } from '#client/views/shared-view.ts';
import type { ViewContents } from '#contracts/view/frame.ts';
import { viewText } from '#contracts/view/view.ts';
import type { Core } from './core.ts';
import type { Delivery, Peer, SimGateway } from './sim-gateway.ts';
import type { SimView } from './sim-views.ts';
import type { World } from './simulated-world.ts';
import { checkPrefix } from './view-oracle.ts';
import { shownOf, textOf } from './view-text.ts';

/** The SDK's view around a network that delays and loses; whatever it takes is checked at once. */
export class SimClient {
  readonly of: SimView;
  contents: ViewContents | null = null;
  gateway: SimGateway | null = null;
  /** The first thing that was wrong. */
  fault: string | null = null;
  /** Its view was refused. */
  refused = false;
  readonly #world: World;
  readonly #shared: SharedView;
  readonly #timers = new Set<() => void>();
  #peer: Peer | null = null;
  #queue: Delivery[] = [];
  #taken: Delivery[] = [];
  #changed = false;

  constructor(world: World, core: Core, of: SimView) {
    this.#world = world;
    this.of = of;
    this.#shared = new core.SharedView(of.request, {
      env: this.#environment(),
      report: (error) => this.#blame(String(error)),
      received: () => {},
    });
    this.#shared.add({
      onChange: (contents) => {
        this.contents = contents;
        this.#changed = true;
      },
    });
  }

  get peer(): Peer | null {
    return this.#peer;
  }

  #environment(): Environment {
    const after = (_: number, call: () => void) => {
      const timer = () => call();
      this.#timers.add(timer);
      return () => this.#timers.delete(timer);
    };
    const fetch = () => Promise.reject(new Error('A view fetches nothing.'));
    return { clock: () => this.#world.now, random: () => 0.5, after, fetch, id: () => '' };
  }

  /** To another gateway, or to the same one once more. */
  connect(gateway: SimGateway): void {
    this.hangUp();
    if (gateway.hub === null) return;
    const peer: Peer = {
      of: this.of,
      live: null,
      cursor: -1,
      asked: [],
      send: (delivery) => this.#queue.push(delivery),
    };
    this.gateway = gateway;
    this.refused = false;
    this.#peer = peer;
    gateway.attach(peer);
    this.#shared.resume({
      transport: 'websocket',
      subscribe: (message, reply) => gateway.ask(peer, structuredClone(message), reply),
      unsubscribe: () => {},
      ack: () => {},
      tail: () => {},
      auth: () => {},
      close: () => {},
    });
  }

  hangUp(): void {
    if (this.#peer !== null) this.gateway?.detach(this.#peer);
    this.gateway = null;
    this.#peer = null;
    this.#queue = [];
    this.#taken = [];
    this.#shared.pause();
  }

  /** All timers fire. */
  timer(): void {
    const due = [...this.#timers];
    this.#timers.clear();
    for (const call of due) call();
  }

  deliver(how: 'all' | 'once' | 'twice' | 'lost' | 'late'): void {
    if (how === 'late') {
      // The oldest of the last frames, as if it had travelled a slower route.
      const [late] = this.#taken;
      if (late !== undefined) this.#take(late);
      return;
    }
    const delivery = this.#queue.shift();
    if (delivery === undefined) return;
    // A message that a view has ended is never lost: no request would be repeated in its place.
    if (how !== 'lost' || delivery.kind === 'ended') this.#take(delivery);
    if (how === 'twice') this.#take(delivery);
    if (how === 'all') this.deliver(how);
  }

  #take(delivery: Delivery): void {
    this.#changed = false;
    if (delivery.kind === 'reply') delivery.answer();
    else if (delivery.kind === 'frame') this.#takeFrame(delivery);
    else this.#shared.ended(delivery.refusal);
    if ('refusal' in delivery && delivery.refusal?.retry === false) this.refused = true;
    if (this.#changed && delivery.kind !== 'ended') this.#check(delivery.shown);
  }

  #takeFrame(delivery: Delivery & { kind: 'frame' }): void {
    const { frame } = delivery;
    this.#taken = [...this.#taken.filter((other) => other !== delivery), delivery].slice(-3);
    const change = frame.views.find(({ view }) => view === this.#shared.id);
    if (change !== undefined) this.#shared.receive(frame, change);
  }

  /** An applied frame gives what the gateway had then, and nothing older than the updates below the cursor. */
  #check(shown: string): void {
    const found = textOf(shownOf(this.contents!));
    if (found !== shown) this.#blame(`shows ${found}, its gateway ${shown}`);
    const fault = checkPrefix(this.#world, this.of, this.contents!);
    if (fault !== null) this.#blame(fault);
  }

  #blame(fault: string): void {
    this.fault ??= `client of ${viewText(this.of.view)}: ${fault}`;
  }
}
