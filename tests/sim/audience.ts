import { finish } from '#gateway/core/steps.ts';
import type { Core } from './core.ts';
import type { LiveOp } from './live-op.ts';
import { CLIENTS, GATEWAYS } from './live-ops.ts';
import { SimClient } from './sim-client.ts';
import { SimGateway } from './sim-gateway.ts';
import { SIM_VIEWS, type SimView } from './sim-views.ts';
import { CHANGING, FIRST } from './simulated-metrics.ts';
import type { Inhabitant, World } from './simulated-world.ts';
import { expectShown } from './view-oracle.ts';
import { type Shown, shownBy, shownOf, textOf } from './view-text.ts';

/** Two gateways and the clients that move between them. */
export class Audience implements Inhabitant {
  readonly #world: World;
  readonly #core: Core;
  readonly #gateways: SimGateway[];
  readonly #clients: SimClient[];

  constructor(world: World, core: Core, views: readonly SimView[] = SIM_VIEWS) {
    this.#world = world;
    this.#core = core;
    this.#gateways = Array.from({ length: GATEWAYS }, () => new SimGateway(world, core));
    this.#clients = Array.from(
      { length: CLIENTS },
      (_, i) => new SimClient(world, core, views[i % views.length]!),
    );
    // Runs begin with everything running, not with its start.
    world.settle();
    this.#drain();
  }

  take(op: LiveOp): void {
    if (op.do === 'renew') {
      this.#world.renew();
      for (const g of this.#gateways.keys()) this.#crash(g);
    } else if ('c' in op) this.#drive(this.#clients[op.c]!, op);
    else if (op.do === 'crash') this.#crash(op.g);
    else this.#step(this.#gateways[op.g]!, op);
  }

  #step(gateway: SimGateway, op: Exclude<LiveOp, { c: number } | { do: 'renew' }>): void {
    if (op.do === 'join') gateway.join() || gateway.apply();
    else if (op.do === 'run') gateway.run();
    else if (op.do === 'begin') gateway.begin();
    else if (op.do === 'finish') gateway.finish(op.nth, op.fails);
    else if (op.do === 'sweep') gateway.sweep();
    else if (op.do === 'learn') gateway.learn();
    else if (op.do === 'follow') gateway.follow();
    else if (op.do === 'answer') gateway.answer(op.patient);
    else if (op.do === 'flush') gateway.flush(op.lag === null ? null : this.#clients[op.lag]!.peer, op.all);
    else if (op.do === 'apply') for (let i = 0; i < op.records; i++) gateway.apply();
  }

  #drive(client: SimClient, op: Extract<LiveOp, { c: number }>): void {
    if (op.do === 'connect') this.#connect(client, this.#gateways[op.g]!);
    else if (op.do === 'hang-up') client.hangUp();
    else if (op.do === 'timer') client.timer();
    else client.deliver(op.how);
  }

  /** A view of an undefined metric is refused for good, so its clients connect only once it is defined. */
  #connect(client: SimClient, gateway: SimGateway): void {
    const { metric } = client.of.view;
    const known = metric === CHANGING ? gateway.find(client.of) !== null : this.#world.defined;
    if (known || metric === FIRST.id) client.connect(gateway);
  }

  /** They have all learned that it is replaced, and moved their views. */
  mayRetire(version: number): boolean {
    return this.#gateways.every((gateway) => {
      const shows = [...(gateway.hub?.views ?? [])].some((view) => view.version === version);
      return gateway.catalog.next === this.#world.definitions.length && !shows;
    });
  }

  #crash(g: number): void {
    const gone = this.#gateways[g]!;
    this.#gateways[g] = new SimGateway(this.#world, this.#core);
    for (const client of this.#clients) if (client.gateway === gone) client.hangUp();
  }

  /** Clients end with what the events mean, whatever they have missed, and so do new clients. */
  check(): string | null {
    this.#drain();
    // Views for new clients, too.
    for (const gateway of this.#gateways) for (const { of } of this.#clients) gateway.open(of);
    for (let round = 0; round < 3; round++) this.#drain();
    for (const [i, client] of this.#clients.entries()) {
      if (client.fault !== null) return client.fault;
      if (client.gateway === null) continue;
      const wanted = expectShown(this.#world, client.of);
      // The metric is deleted.
      if (wanted === null) continue;
      const fault = difference(`client ${i}`, client.contents && shownOf(client.contents), wanted);
      if (fault !== null) return fault;
      for (const [g, gateway] of this.#gateways.entries()) {
        const fresh = shownBy(finish(gateway.open(client.of)!.snapshot()));
        const stale = difference(`a new client of gateway ${g}`, fresh, wanted);
        if (stale !== null) return stale;
      }
    }
    return null;
  }

  #drain(): void {
    for (const gateway of this.#gateways) gateway.run();
    this.#world.beat();
    for (const [i, client] of this.#clients.entries()) {
      if (client.gateway === null || client.refused) this.#connect(client, this.#gateways[i % GATEWAYS]!);
      client.timer();
    }
    for (const gateway of this.#gateways) gateway.run();
    for (const client of this.#clients) client.deliver('all');
  }
}

function difference(who: string, found: Shown | null, wanted: Shown): string | null {
  if (found !== null && textOf(found) === textOf(wanted)) return null;
  return `${who} shows ${found && textOf(found)}, expected ${textOf(wanted)}`;
}
