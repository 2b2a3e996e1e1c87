import type { Catalog, DefinitionRecord } from '#contracts/log/definition-record.ts';

/** The definitions topic, followed: one live catalog per process, and the only way to change it. */
export interface CatalogFollower {
  /** Mutated in place as records arrive. */
  readonly catalog: Catalog;
  /** Offset after the last record taken in, applied or not: a definition from below that the catalog lacks is gone. */
  readonly next: number;
  /** The log's identity (record 0 of the topic, first wins); also the epoch of cursors. */
  readonly identity: string;
  /** Called after each applied record, with its offset; one that throws ends the following. Returns `unsubscribe`. */
  subscribe(listener: (record: DefinitionRecord, offset: number) => void): () => void;
  /** Appends, then reads its own record back: whether it was applied, or what it was based on had gone (rule 8). Rejects as `append` does, or with what ended the following. */
  write(record: DefinitionRecord): Promise<{ applied: boolean; offset: number }>;
  /** Resolves when everything that was in the topic at the call is applied: what another process wrote before is known then. Rejects with `log_unavailable` where that takes too long. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}
