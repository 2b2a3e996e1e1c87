import { type Fault, MillraceError } from '#contracts/errors.ts';

/**
 * What a refusal of the Store is about. `rows`: the rows or the statement, and no retry helps. `store`: the Store as a whole, which is
 * away or has no room: no row is to blame. `unknown`: it may pass, or may be due to some row.
 */
export type FaultScope = 'rows' | 'store' | 'unknown';

/** A refusal by the engine behind the Store. */
export class StoreFault extends MillraceError {
  readonly scope: FaultScope;

  constructor(fault: Fault, scope: FaultScope, options?: ErrorOptions) {
    super(fault, options);
    this.scope = scope;
  }
}
