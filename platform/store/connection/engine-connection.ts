import type { Tables } from '../tables.ts';

/**
 * One way to talk to ClickHouse. SQL carries its own SETTINGS: settings given apart would stay on a connection.
 * Faults reject with MillraceError `store_unavailable` (may be tried again) or `internal` (the SQL is wrong), the
 * engine's own text as the message.
 */
export interface Connection {
  readonly tables: Tables;
  /** Rows as objects (JSONEachRow; 64-bit integers as numbers). `params` are typed placeholders: `{name:Type}` in the SQL. */
  query<T>(sql: string, params?: Params): Promise<T[]>;
  /**
   * Inserts rows of values in the order of `columns`. Resolves when the engine has acknowledged all of them. Rows are taken one by
   * one, and between bounded portions of text others get their turn.
   */
  insert(table: string, columns: readonly string[], rows: Iterable<readonly unknown[]>): Promise<void>;
  /** DDL and INSERT … SELECT. */
  command(sql: string, params?: Params): Promise<void>;
  close(): Promise<void>;
}

/** Values of placeholders: texts, finite numbers, and lists of texts. */
export type Params = Readonly<Record<string, string | number | readonly string[]>>;
