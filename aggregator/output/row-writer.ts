import { createRowSearch, type Refused, scopeOf } from './row-search.ts';

/** Refusals of a batch in a row, by faults that may pass, until it is divided. */
const MAX_UNKNOWN_FAILURES = 5;

export interface RowWriterOptions<Row> {
  insert(rows: readonly Row[]): Promise<void>;
  /** Identifies a row; the same each time it is written. */
  nameOf(row: Row): string;
  /** Reports rows that are set aside, each once: the Store refuses them while it accepts others. */
  setAside(refused: readonly Refused<Row>[]): void;
  closing: AbortSignal;
}

/** Writes rows of one table; one call at a time. */
export interface RowWriter<Row> {
  /**
   * Resolves when all rows are in the Store but those that were set aside; rejects when the flush has to be tried again. A row is set
   * aside only for a refusal that is about rows, and only when another row goes in right beside it: a Store that is
   * away, full or wrong as a whole costs no row.
   */
  write(rows: readonly Row[]): Promise<void>;
}

export function createRowWriter<Row>(options: RowWriterOptions<Row>): RowWriter<Row> {
  const { insert, nameOf, setAside } = options;
  const search = createRowSearch(options);
  let failures = 0;
  /** Names of rows that are set aside, of those in the last write. */
  let aside = new Set<string>();

  const write = async (rows: readonly Row[]): Promise<void> => {
    try {
      await insert(rows);
      search.noteProof(rows[0]!);
    } catch (error) {
      const scope = scopeOf(error);
      if (scope === 'store' || (scope === 'unknown' && ++failures < MAX_UNKNOWN_FAILURES)) throw error;
      await search.find(rows, error, (refused) => {
        for (const { row } of refused) aside.add(nameOf(row));
        setAside(refused);
      });
    }
    failures = 0;
  };
  return {
    async write(rows) {
      let left = rows;
      if (aside.size > 0) {
        left = rows.filter((row) => !aside.has(nameOf(row)));
        const here = new Set(rows.map(nameOf));
        aside = new Set([...aside].filter((name) => here.has(name)));
      }
      if (left.length > 0) await write(left);
    },
  };
}
