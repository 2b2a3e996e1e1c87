import type { Fault } from '#contracts/errors.ts';
import type { OpenView } from '#gateway/core/view/live-view.ts';
import type { ViewHub } from '#gateway/core/view-hub.ts';
import type { Core } from './core.ts';
import type { SimCatalog } from './sim-catalog.ts';
import { CHANGING } from './simulated-metrics.ts';

const UNREAD: Fault = { code: 'store_unavailable', message: 'The new version could not be read.' };
const CHANGED: Fault = { code: 'metric_changed', message: 'The metric has changed.' };
const DELETED: Fault = { code: 'unknown_metric', message: 'The metric was deleted.' };

/** A view and the one of the next version beside it, which takes its readers over once it can answer. */
interface Move {
  from: OpenView;
  to: OpenView;
}

/** What following a definition needs of its gateway. */
interface Followed {
  readonly hub: ViewHub | null;
  readonly catalog: SimCatalog;
  readonly peers: Iterable<{ live: OpenView | null; cursor: number }>;
  isUsed(view: OpenView): boolean;
  openServed(request: OpenView['request']): OpenView | null;
}

/** What a gateway does when it learns of a definition, as `metric-follower.ts` does it, step by step. */
export class SimFollower {
  readonly #gateway: Followed;
  readonly #core: Core;
  #moves: Move[] = [];

  constructor(gateway: Followed, core: Core) {
    this.#gateway = gateway;
    this.#core = core;
  }

  /** Whether readers are about to be moved to it. */
  awaits(view: OpenView): boolean {
    return this.#moves.some(({ to }) => to === view);
  }

  get #definition() {
    return this.#gateway.catalog.catalog.metrics.get(CHANGING);
  }

  begin(): void {
    const { hub } = this.#gateway;
    if (hub === null) return;
    if (this.#definition === undefined) {
      this.#moves = [];
      hub.retire(CHANGING, [], DELETED);
      return;
    }
    const { version } = this.#definition.served;
    this.#moves = this.#moves.filter(({ to }) => to.version === version);
    for (const view of [...hub.views]) {
      if (view.request.metric !== CHANGING || view.version === version) continue;
      if (this.#moves.some(({ from }) => from === view)) continue;
      if (!this.#gateway.isUsed(view)) hub.close(view);
      else this.#moves.push({ from: view, to: this.#gateway.openServed(view.request)! });
    }
    this.step();
  }

  step(): void {
    const { hub } = this.#gateway;
    if (hub === null || this.#definition === undefined) return;
    this.#moves = this.#moves.filter(({ from, to }) => {
      if (!hub.isOpen(from)) return false;
      if (hub.isOpen(to) && !hub.isReady(to)) return true;
      if (hub.isOpen(to)) this.#move(from, to);
      else hub.end(from, UNREAD);
      hub.close(from);
      return false;
    });
    if (this.#moves.length > 0) return;
    const folded = this.#core.foldsOf(this.#definition).map((fold) => fold.version);
    hub.retire(CHANGING, folded, CHANGED);
  }

  /** Makes their next frame a snapshot, whatever they have received. */
  #move(from: OpenView, to: OpenView): void {
    for (const peer of this.#gateway.peers) {
      if (peer.live !== from) continue;
      peer.live = to;
      peer.cursor = Math.min(peer.cursor, to.floor! - 1);
    }
  }
}
