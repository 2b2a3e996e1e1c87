import type { Update } from '#contracts/update.ts';
import type { Core } from './core.ts';
import type { LiveOp } from './live-op.ts';
import { FIRST, HORIZON, SETTINGS } from './metrics.ts';
import { EPOCH, type Op, PARTITIONS } from './ops.ts';
import { Owner } from './owner.ts';
import { createSimLog, type SimLog } from './sim-log.ts';
import { createSimStore, type SimStore } from './sim-store.ts';

/** Something else that lives in the world, such as gateways: it reads `logs`, `store` and `updates`, and is driven by its own ops. */
export interface Inhabitant {
  take(op: LiveOp): void;
  /** After everything is settled: what is wrong, or null. */
  check(): string | null;
}

type Driven = Extract<Op, { z: number }>;

/** The Log, the Store and the owners of one simulated run. */
export class World {
  readonly logs: SimLog[] = [];
  readonly store: SimStore = createSimStore();
  readonly updates: Update[] = [];
  readonly inhabitants: Inhabitant[] = [];
  readonly #owners: Owner[][] = [];
  readonly #core: Core;
  /** Time, epoch ms; it moves with what is received and with heartbeats. */
  now = EPOCH;
  /** Where each incarnation of the updates topic begins in `updates`; the newest is the last. */
  readonly beginnings = [0];
  /** Whether anybody has defined the later metric. */
  defined = false;

  constructor(core: Core) {
    this.#core = core;
    for (let p = 0; p < PARTITIONS; p++) {
      const log = createSimLog();
      log.append({ kind: 'control', control: { kind: 'settings', settings: SETTINGS } });
      const { id, version, definition } = FIRST;
      log.append({ kind: 'control', control: { kind: 'metric', metric: id, version, definition } });
      this.logs.push(log);
      this.#owners.push([new Owner(this, core, p)]);
    }
  }

  apply(op: Op): void {
    if (op.op === 'append') {
      const { events, received, block } = op;
      this.now = received;
      this.logs[op.p]!.append({ kind: 'events', events, received, block });
    } else if (op.op === 'repeat') this.#repeat(op.p, op.nth);
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

  /** The updates topic is lost and made anew: offsets begin again, under another identity. */
  renew(): void {
    this.beginnings.push(this.updates.length);
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
    else if (op.op === 'fill') owner.fill();
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
    for (const owners of this.#owners) {
      const owner = owners.at(-1)!;
      owner.settle();
      if (this.defined) owner.define(false);
      owner.settle();
    }
  }
}
