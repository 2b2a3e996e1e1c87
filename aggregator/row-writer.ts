import { MillraceError } from '#contracts/errors.ts';
import { backoffDelay } from '#platform/process/backoff.ts';
import { type FaultScope, StoreFault } from '#platform/store/store.ts';
import { PAUSE, pause } from './repeat.ts';

/** Refusals of a batch in a row, by faults that may pass, until it is divided. */
const PATIENCE = 5;
/** How often a row must be refused, while another goes in each time, until it is set aside for a fault that may pass. */
const TRIES = 8;
/** Inserts in the search of one batch; what is not found by then, the next flush goes on with. */
const MOST_INSERTS = 256;

export interface RowWriterOptions<Row> {
  insert(rows: readonly Row[]): Promise<void>;
  /** What tells a row from others, the same each time that it is written. */
  nameOf(row: Row): string;
  /** Rows that are set aside: the Store does not take them, and takes others. Told once each. */
  setAside(refused: readonly Refused<Row>[]): void;
  closing: AbortSignal;
}

export interface Refused<Row> {
  row: Row;
  error: unknown;
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

/** The refusals of one write, as far as they have been found. */
interface Search<Row> {
  suspects: Refused<Row>[];
  inserts: number;
  /** Why the search was cut, if it was. */
  cut: unknown;
}

export function createRowWriter<Row>({
  insert,
  nameOf,
  setAside,
  closing,
}: RowWriterOptions<Row>): RowWriter<Row> {
  let failures = 0;
  /** A row that went in. Rows may be repeated, so it shows at any time whether the Store takes rows. */
  let proof: Row | null = null;
  /** Names of rows that are set aside, of those in the last write. */
  let aside = new Set<string>();

  /** Divides what was refused until each half is in or is one row. */
  const divide = async (rows: readonly Row[], error: unknown, search: Search<Row>): Promise<void> => {
    if (rows.length === 1) {
      search.suspects.push({ row: rows[0]!, error });
      return;
    }
    const middle = rows.length >> 1;
    for (const half of [rows.slice(0, middle), rows.slice(middle)]) {
      if (search.inserts++ >= MOST_INSERTS) {
        search.cut ??= error;
        return;
      }
      try {
        await insert(half);
        proof = half[0]!;
      } catch (fault) {
        if (scopeOf(fault) === 'store') throw fault;
        await divide(half, fault, search);
      }
    }
  };

  /** Whether the row is to blame: it is refused each time, and another goes in each time. Rejects when nothing goes in. */
  const isUnwritable = async ({ row, error }: Refused<Row>): Promise<boolean> => {
    let last = error;
    for (let tries = 1; ; tries++) {
      if (proof === null || closing.aborted) throw last;
      await insert([proof]);
      if (scopeOf(last) === 'rows' ? tries > 1 : tries >= TRIES) return true;
      if (scopeOf(last) !== 'rows') await pause(backoffDelay(tries, PAUSE), closing);
      try {
        await insert([row]);
        return false;
      } catch (fault) {
        if (scopeOf(fault) === 'store') throw fault;
        last = fault;
      }
    }
  };

  const search = async (rows: readonly Row[], error: unknown): Promise<void> => {
    // Where nothing goes in, there is nothing to search for.
    if (proof !== null) await insert([proof]);
    const found: Search<Row> = { suspects: [], inserts: 0, cut: null };
    await divide(rows, error, found);
    const refused: Refused<Row>[] = [];
    try {
      for (const suspect of found.suspects) if (await isUnwritable(suspect)) refused.push(suspect);
    } finally {
      for (const { row } of refused) aside.add(nameOf(row));
      if (refused.length > 0) setAside(refused);
    }
    if (found.cut !== null) throw found.cut;
  };

  return {
    async write(rows) {
      let left = rows;
      if (aside.size > 0) {
        left = rows.filter((row) => !aside.has(nameOf(row)));
        const here = new Set(rows.map(nameOf));
        aside = new Set([...aside].filter((name) => here.has(name)));
      }
      if (left.length === 0) return;
      try {
        await insert(left);
        proof = left[0]!;
      } catch (error) {
        const scope = scopeOf(error);
        if (scope === 'store' || (scope === 'unknown' && ++failures < PATIENCE)) throw error;
        await search(left, error);
      }
      failures = 0;
    },
  };
}

/** Another exception than the Store's own was thrown while a row was made into text. */
const scopeOf = (error: unknown): FaultScope => {
  if (error instanceof StoreFault) return error.scope;
  return error instanceof MillraceError ? 'store' : 'rows';
};
