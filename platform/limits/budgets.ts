import type { BudgetFigures } from '#contracts/log/system-record.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';
import { createNameCounts } from './name-counts.ts';

/** Kinds of owners that have a share of a budget of their own. */
export type OwnerKind = 'key' | 'connection' | 'address';

/** The owners that an amount is charged to, as far as they are known. */
export type Owner = Readonly<Partial<Record<OwnerKind, string>>>;

/** A bound, and the setting that an operator changes it by. */
export interface Bound {
  readonly most: number;
  readonly setting: string;
}

export interface BudgetSpec extends Bound {
  /** In /metrics and on the status route, such as `view_bytes`. */
  readonly name: string;
  readonly unit: 'bytes' | 'count';
  /** What one owner may hold of it. */
  readonly shares?: Readonly<Partial<Record<OwnerKind, Bound>>>;
}

/** Why an amount was not granted: the bound that it would exceed, the scope of that bound, and what would still fit. */
export interface Shortage extends Bound {
  readonly scope: OwnerKind | 'process';
  readonly free: number;
  /** False where the amount alone is above the bound: waiting cannot help then. */
  readonly mayPass: boolean;
}

/** Something of which a process holds a bounded amount on behalf of others. */
export interface Budget {
  readonly most: number;
  readonly used: number;
  usedBy(kind: OwnerKind, name: string): number;
  /** Holds the amount, or returns the shortage and holds nothing of it. `amount` is positive. */
  acquire(amount: number, owner?: Owner): Shortage | null;
  /** Changes an amount that was granted before: it has grown or is released. Never refused; see `shortage`. */
  adjust(by: number, owner?: Owner): void;
  /** Returns the shortage that another `amount` would meet (0: whether a bound is passed already); null if there is room. */
  shortage(amount: number, owner?: Owner): Shortage | null;
}

/** All budgets of a process, for /metrics, the status route and the process's system record. */
export interface Budgets {
  /** Each name once. */
  open(spec: BudgetSpec): Budget;
  /** Reports a bound that is kept elsewhere; `used` is asked at every report. */
  watch(spec: Omit<BudgetSpec, 'shares'>, used: () => number): void;
  /** A refusal by a bound that is kept elsewhere. */
  refused(name: string, scope?: Shortage['scope']): void;
  /** The figures now; the gauges of /metrics are set to them. */
  report(): BudgetFigures[];
}

export function createBudgets(metrics: Pick<Metrics, 'add' | 'set'>): Budgets {
  const entries = new Map<string, { spec: BudgetSpec; used: () => number; refused: number }>();
  const add = (spec: BudgetSpec, used: () => number): void => {
    if (entries.has(spec.name)) throw new Error(`The budget ${spec.name} is there already.`);
    entries.set(spec.name, { spec, used, refused: 0 });
  };
  const refused = (name: string, scope: Shortage['scope'] = 'process'): void => {
    const entry = entries.get(name);
    if (entry === undefined) throw new Error(`There is no budget ${name}.`);
    entry.refused++;
    metrics.add('millrace_budget_refused_total', 1, { budget: name, scope });
  };
  return {
    open(spec) {
      const budget = createBudget(spec, (scope) => refused(spec.name, scope));
      add(spec, () => budget.used);
      return budget;
    },
    watch: add,
    refused,
    report: () =>
      [...entries.values()].map(({ spec: { name, unit, setting, most }, used, refused: count }) => {
        const figures = { name, unit, setting, most, used: used(), refused: count };
        metrics.set('millrace_budget_used', figures.used, { budget: name });
        metrics.set('millrace_budget_limit', most, { budget: name });
        return figures;
      }),
  };
}

function createBudget(spec: BudgetSpec, refused: (scope: Shortage['scope']) => void): Budget {
  const shares = Object.entries(spec.shares ?? {}).map(([kind, bound]) => ({
    kind: kind as OwnerKind,
    bound,
    held: createNameCounts(),
  }));
  let used = 0;
  const adjust = (by: number, owner: Owner = {}): void => {
    used += by;
    for (const { kind, held } of shares) {
      const name = owner[kind];
      if (name !== undefined) held.add(name, by);
    }
  };
  /** Checks the narrowest bound first: an owner that holds too much must not be told that the process is full. */
  const shortage = (amount: number, owner: Owner = {}): Shortage | null => {
    for (const { kind, bound, held } of shares) {
      const name = owner[kind];
      if (name === undefined) continue;
      const short = shortOf(bound, kind, { amount, used: held.of(name) });
      if (short !== null) return short;
    }
    return shortOf(spec, 'process', { amount, used });
  };
  return {
    most: spec.most,
    get used() {
      return used;
    },
    usedBy: (kind, name) => shares.find((share) => share.kind === kind)?.held.of(name) ?? 0,
    acquire(amount, owner) {
      const short = shortage(amount, owner);
      if (short === null) adjust(amount, owner);
      else refused(short.scope);
      return short;
    },
    adjust,
    shortage,
  };
}

function shortOf(
  { most, setting }: Bound,
  scope: Shortage['scope'],
  { amount, used }: { amount: number; used: number },
): Shortage | null {
  if (used + amount <= most) return null;
  return { most, setting, scope, free: Math.max(0, most - used), mayPass: amount <= most };
}
