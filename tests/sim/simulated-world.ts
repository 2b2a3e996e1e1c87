import { type DefinitionRecord, foldsOf } from '#contracts/log/definition-record.ts';
import type { Update } from '#contracts/log/update.ts';
import type { Core } from './core.ts';
import type { LiveOp } from './live-op.ts';
import { EPOCH, type Op, PARTITIONS } from './ops.ts';
import { SimCatalog } from './sim-catalog.ts';
import { createSimLog, type SimLog } from './sim-log.ts';
import { createSimStore, type SimStore } from './sim-store.ts';
import { CHANGING, changing, HORIZON, SETTINGS, type SimMetrics, SUMS } from './simulated-metrics.ts';
import { Owner } from './simulated-owner.ts';

/** Something else that lives in the world, such as gateways: it reads `logs`, `store` and `updates`, and is driven by its own ops. */
export interface Inhabitant {
  take(op: LiveOp): void;
  /** After everything is settled: what is wrong, or null. */
  check(): string | null;
  /** Whether it does not show a replaced version of the changing metric any more. */
  mayRetire(version: number): boolean;
}

type Driven = Extract<Op, { z: number }>;

/** The Log, the Store and the owners of one simulated run. */
export class World {
  readonly logs: SimLog[] = [];
  readonly store: SimStore = createSimStore();
  readonly updates: Update[] = [];
  readonly definitions: DefinitionRecord[] = [{ kind: 'identity', id: 'log' }];
  readonly inhabitants: Inhabitant[] = [];
  /** All definitions, as a writer of one sees them. */
  readonly catalog: SimCatalog;
  readonly #owners: Owner[][] = [];
  readonly #core: Core;
  #settling = false;
  /** Time, epoch ms; it moves with what is received and with heartbeats. */
  now = EPOCH;
  /** Where each incarnation of the updates topic begins in `updates`; the newest is the last. */
  readonly beginnings = [0];
  /** The first thing that was wrong on the way. */
  fault: string | null = null;
  /** Whether the later metric is defined. */
  defined = false;

  readonly metrics: SimMetrics;

  constructor(core: Core, metrics: SimMetrics = SUMS) {
    this.#core = core;
    this.metrics = metrics;
    this.catalog = new SimCatalog(this.definitions, core);
    for (let p = 0; p < PARTITIONS; p++) {
      const log = createSimLog();
      log.append({ kind: 'control', control: { kind: 'settings', settings: SETTINGS } });
      const { id, version, definition } = metrics.first;
      log.append({ kind: 'control', control: { kind: 'metric', metric: id, version, definition } });
      this.logs.push(log);
      this.#owners.push([new Owner(this, core, p)]);
    }
  }

  apply(op: Op): void {
    if (op.op === 'append') {
      const { events, received, block, imported = false } = op;
      this.now = received;
      this.logs[op.p]!.append({ kind: 'events', events, received, block, imported });
    } else if (op.op === 'rebuild') {
      const { id: metric, version } = op.later ? this.metrics.later : this.metrics.first;
      const { request } = op;
      this.logs[op.p]!.append({ kind: 'control', control: { kind: 'rebuild', metric, version, request } });
    } else if (op.op === 'repeat') this.#repeat(op.p, op.nth);
    else if (op.op === 'change') this.change(op.body, op.stale);
    else if (op.op === 'delete') this.#delete();
    else if (op.op === 'settings') {
      const settings = { horizon: HORIZON, groups: op.groups, ids: op.ids };
      this.logs[op.p]!.append({ kind: 'control', control: { kind: 'settings', settings } });
    } else if (op.op === 'live') {
      for (const inhabitant of this.inhabitants) inhabitant.take(op);
    } else if (op.op === 'crash') this.#owners[op.p] = [new Owner(this, this.#core, op.p)];
    else if (op.op === 'rebalance') {
      this.#owners[op.p] = [...this.#owners[op.p]!, new Owner(this, this.#core, op.p)].slice(-2);
    } else this.#drive(op as Driven);
  }

  /** The log's identity, which is the epoch of cursors. */
  get identity(): string {
    return `log${this.beginnings.length}`;
  }

  /** The updates of now, by their offsets. */
  update(offset: number): Update | undefined {
    return this.updates[this.beginnings.at(-1)! + offset];
  }

  get end(): number {
    return this.updates.length - this.beginnings.at(-1)!;
  }

  /** The updates topic is lost and re-created: offsets begin again, under another identity. */
  renew(): void {
    this.beginnings.push(this.updates.length);
  }

  mayRetire(version: number): boolean {
    return this.#settling || this.inhabitants.every((inhabitant) => inhabitant.mayRetire(version));
  }

  noteFault(fault: string | null): void {
    this.fault ??= fault;
  }

  /** As the gateway's route does it: an equal fold keeps its version, another one begins a new one. */
  change(body: number, stale = false): void {
    this.catalog.readAll();
    const current = this.catalog.catalog.metrics.get(CHANGING);
    const { definition } = changing(body, 0);
    const text = JSON.stringify(definition);
    if (current !== undefined && JSON.stringify(current.body) === text) return;
    const same = current && foldsOf(current).find((fold) => JSON.stringify(fold.body) === text);
    const basedOn = stale ? this.definitions.length : (current?.offset ?? null);
    const version = same?.version ?? null;
    this.definitions.push({ kind: 'metric', id: CHANGING, basedOn, body: definition, version });
  }

  #delete(): void {
    this.catalog.readAll();
    const current = this.catalog.catalog.metrics.get(CHANGING);
    if (current === undefined) return;
    const { offset: basedOn } = current;
    this.definitions.push({ kind: 'metric', id: CHANGING, basedOn, body: null, version: null });
  }

  /** A producer's retry: the same block once more. */
  #repeat(p: number, nth: number): void {
    const sent = this.logs[p]!.records.filter((r) => r.kind === 'events');
    if (sent.length > 0) this.logs[p]!.append(sent[nth % sent.length]!);
  }

  #drive(op: Driven): void {
    const owners = this.#owners[op.p]!;
    const owner = owners.at(-1 - Math.min(op.z, owners.length - 1))!;
    if (op.op === 'fold') owner.fold() || owner.step();
    else if (op.op === 'flow') owner.flow();
    else if (op.op === 'publish') owner.publish();
    else if (op.op === 'land') owner.land();
    else if (op.op === 'flush') owner.beginFlush();
    else if (op.op === 'refuse') owner.refuse();
    else if (op.op === 'step') owner.step();
    else if (op.op === 'save') owner.save();
    else if (op.op === 'fail') owner.fail();
    else if (op.op === 'roll') owner.roll();
    else if (op.op === 'fill') owner.fill();
    else if (op.op === 'fill-step') owner.fillStep();
    else if (op.op === 'learn') owner.learn();
    else if (op.op === 'control') owner.control(op.z === 1);
    else if (op.op === 'bring') this.#bring(owner);
    else if (op.op === 'start') start(owner);
    else if (op.op === 'serve') this.#owners[0]!.at(-1)!.serve();
    else if (op.op === 'beat') {
      this.now = op.now;
      owner.beat();
    } else {
      this.defined = true;
      owner.define(op.z === 1);
    }
  }

  /** The heartbeat of every partition. */
  beat(): void {
    for (const owners of this.#owners) {
      owners.at(-1)!.beat();
      owners.at(-1)!.land();
    }
  }

  /** Lets the newest owner of every partition run to rest. */
  settle(): void {
    this.#settling = true;
    const newest = this.#owners.map((owners) => owners.at(-1)!);
    for (const owner of newest) {
      owner.settle();
      if (this.defined) owner.define(false);
      owner.settle();
    }
    if (this.definitions.length > 1) this.#append();
    // Started and filled in, then served, then the others retired.
    for (let round = 0; this.definitions.length > 1 && round < 3; round++) {
      for (const owner of newest) this.#bring(owner);
      for (let step = 0; step < 3; step++) newest[0]!.serve();
    }
    for (const owner of newest) owner.rollAll();
    this.#settling = false;
  }

  /**
   * Appends an empty block to each partition: a zombie's commit row may have reverted the record of a back-fill, and the
   * owner's next commit row restores it.
   */
  #append(): void {
    for (const log of this.logs) {
      const event = { id: null, key: null, ts: this.now, group: 'x', n: null };
      log.append({ kind: 'events', events: [event], received: this.now, block: null, imported: false });
    }
  }

  #bring(owner: Owner): void {
    start(owner);
    owner.settle();
  }
}

/** Everything that is defined is begun and committed. */
function start(owner: Owner): void {
  while (owner.learn());
  owner.flow();
  owner.control(false);
  owner.flow();
  owner.save();
}
