import type { DefinitionRecord } from '#contracts/log/definition-record.ts';
import type { Update } from '#contracts/log/update.ts';
import type { SimLog } from './sim-log.ts';
import type { SimStore } from './sim-store.ts';
import type { SimMetrics } from './simulated-metrics.ts';

/** What an owner can reach: the Log and the Store, nothing of other owners. */
export interface Surroundings {
  readonly logs: readonly SimLog[];
  readonly store: SimStore;
  readonly updates: Update[];
  readonly definitions: DefinitionRecord[];
  readonly metrics: SimMetrics;
  /** Time, epoch ms. */
  readonly now: number;
  /** Whether no gateway shows a replaced version of the changing metric any more. */
  mayRetire(version: number): boolean;
  /** What is wrong now, and may not be any more at the end; null is not. */
  noteFault(fault: string | null): void;
}
