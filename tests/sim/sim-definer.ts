import type { Partition } from '#aggregator/core/partition.ts';
import type { Control } from '#contracts/log/control.ts';
import type { Definition } from '#contracts/log/definition-record.ts';
import type { Core } from './core.ts';
import { PARTITIONS } from './ops.ts';
import { SimCatalog } from './sim-catalog.ts';
import { CHANGING } from './simulated-metrics.ts';
import type { Surroundings } from './surroundings.ts';

/** What an owner does about definitions: it learns of them, brings them into its log, and says what is served. */
export class SimDefiner {
  readonly #world: Surroundings;
  readonly #core: Core;
  readonly #partition: number;
  readonly #catalog: SimCatalog;
  readonly #appended = new Set<string>();
  #serving: Definition[] = [];

  constructor(world: Surroundings, core: Core, partition: number) {
    this.#world = world;
    this.#core = core;
    this.#partition = partition;
    this.#catalog = new SimCatalog(world.definitions, core);
  }

  learn(): boolean {
    return this.#catalog.read();
  }

  /** Appends what a caught-up partition lacks. `decided`: it was caught up earlier, and its append was delayed. */
  control(live: Partition, decided: boolean): void {
    const log = this.#world.logs[this.#partition]!;
    if (live.nextOffset < log.blocks.length && !decided) return;
    for (const control of this.#missing(live)) {
      const text = JSON.stringify(control);
      if (this.#appended.has(text)) continue;
      this.#appended.add(text);
      log.append({ kind: 'control', control });
    }
  }

  #missing(live: Partition): Control[] {
    const { catalog, next } = this.#catalog;
    const controls: Control[] = [];
    const wanted = new Set<number>();
    for (const definition of catalog.metrics.values()) {
      for (const { version, body } of this.#core.foldsOf(definition)) {
        wanted.add(version);
        if (!live.active.some((a) => a.metric === definition.id && a.version === version))
          controls.push({ kind: 'metric', metric: definition.id, version, definition: body });
      }
    }
    for (const { metric, version } of live.active) {
      if (metric !== CHANGING || version >= next || wanted.has(version)) continue;
      if (catalog.metrics.has(metric) && !this.#world.mayRetire(version)) continue;
      controls.push({ kind: 'retire', metric, version });
    }
    return controls;
  }

  /** The owner of partition 0 finds out what may be served; a later call writes the result. */
  serve(): void {
    if (this.#partition !== 0) return;
    const decided = this.#serving.shift();
    if (decided !== undefined) {
      this.#world.definitions.push({ kind: 'serve', id: decided.id, version: decided.version });
      return;
    }
    const { planServe, waitingToBeServed } = this.#core;
    const partitions = Array.from({ length: PARTITIONS }, (_, p) => p);
    const waiting = waitingToBeServed(this.#catalog.catalog.metrics.values());
    const ready = planServe(waiting, partitions, [...this.#world.store.commits.values()]);
    this.#serving = ready.map((definition) => ({ ...definition }));
  }
}
