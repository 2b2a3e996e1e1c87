import type { PaneRow, WindowRow } from '#contracts/log/rows.ts';
import type { ReadRequest } from '#gateway/core/metric-views.ts';
import type { ViewHub } from '#gateway/core/view-hub.ts';
import { scopeOf } from '#gateway/views/read-pages.ts';
import { mergeRows } from '#platform/store/memory/merge-rows.ts';
import type { SimStore } from './sim-store.ts';

/** A read with its rows, which are those of the moment that it began. */
interface Reading {
  request: ReadRequest;
  rows: (PaneRow | WindowRow)[];
}

/** A gateway's reads of the Store, which take their time. */
export class SimReads {
  readonly #store: SimStore;
  #wanted: ReadRequest[] = [];
  #underWay: Reading[] = [];

  constructor(store: SimStore) {
    this.#store = store;
  }

  /** Begins one read that the hub wants. False when there is none. */
  begin(hub: ViewHub | null): boolean {
    this.#wanted.push(...(hub?.drainReads() ?? []));
    const request = this.#wanted.shift();
    if (request === undefined) return false;
    this.#underWay.push({ request, rows: this.#read(request) });
    return true;
  }

  /** Returns one of the reads under way, which ends: not always the oldest. */
  end(nth: number): Reading | undefined {
    return this.#underWay.splice(nth % Math.max(1, this.#underWay.length), 1)[0];
  }

  #read(request: ReadRequest): (PaneRow | WindowRow)[] {
    const rows = this.#store.readPanes(request);
    if (request.kind === 'panes') return rows;
    const scope = { ...scopeOf(request, request.first, request.last), form: 'state' } as const;
    return mergeRows(rows, scope, request.view.source.aggregate);
  }
}
