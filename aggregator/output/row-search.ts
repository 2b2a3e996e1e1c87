import { backoffDelay } from '#contracts/backoff.ts';
import { MillraceError } from '#contracts/errors.ts';
import { type FaultScope, StoreFault } from '#platform/store/store.ts';
import { PAUSE, pause } from '../repeat.ts';

/** Refusals of a row, while another one is accepted each time, after which it is to blame for a fault that may pass. */
const TRIES = 8;
/** Most inserts in the search of one batch; the next flush continues with what is not found by then. */
const MOST_INSERTS = 256;

export interface Refused<Row> {
  row: Row;
  error: unknown;
}

/** Finds the rows of a refused batch that the Store refuses, and writes the others. */
export interface RowSearch<Row> {
  /** A row that was accepted. Rows may be repeated, so it shows at any time whether the Store accepts rows. */
  noteProof(row: Row): void;
  /**
   * Calls `blame` with the rows that are refused while another one is accepted. Rejects when no row is accepted, or when the
   * search was cut short, after reporting what it has found.
   */
  find(
    rows: readonly Row[],
    error: unknown,
    blame: (refused: readonly Refused<Row>[]) => void,
  ): Promise<void>;
}

interface Found<Row> {
  suspects: Refused<Row>[];
  inserts: number;
  /** Why the search was cut, if it was. */
  cut: unknown;
}

export function createRowSearch<Row>({
  insert,
  closing,
}: {
  insert(rows: readonly Row[]): Promise<void>;
  closing: AbortSignal;
}): RowSearch<Row> {
  let proof: Row | null = null;

  /** Splits refused rows until each half is written or is a single row. */
  const divide = async (rows: readonly Row[], error: unknown, found: Found<Row>): Promise<void> => {
    if (rows.length === 1) {
      found.suspects.push({ row: rows[0]!, error });
      return;
    }
    const middle = rows.length >> 1;
    for (const half of [rows.slice(0, middle), rows.slice(middle)]) {
      if (found.inserts++ >= MOST_INSERTS) {
        found.cut ??= error;
        return;
      }
      try {
        await insert(half);
        proof = half[0]!;
      } catch (fault) {
        if (scopeOf(fault) === 'store') throw fault;
        await divide(half, fault, found);
      }
    }
  };

  /** Whether the row is to blame: it is refused each time, and another is accepted each time. Rejects when none is accepted. */
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

  return {
    noteProof(row) {
      proof = row;
    },
    async find(rows, error, blame) {
      // Where nothing goes in, there is nothing to search for.
      if (proof !== null) await insert([proof]);
      const found: Found<Row> = { suspects: [], inserts: 0, cut: null };
      await divide(rows, error, found);
      const refused: Refused<Row>[] = [];
      try {
        for (const suspect of found.suspects) if (await isUnwritable(suspect)) refused.push(suspect);
      } finally {
        if (refused.length > 0) blame(refused);
      }
      if (found.cut !== null) throw found.cut;
    },
  };
}

/** Another exception than the Store's own was thrown while a row was made into text. */
export const scopeOf = (error: unknown): FaultScope => {
  if (error instanceof StoreFault) return error.scope;
  return error instanceof MillraceError ? 'store' : 'rows';
};
