/** How many partitions of the events topic have reported a metric version's history, of all. */
export interface Filled {
  done: number;
  of: number;
  /** Why the rest is not in: it could not be filled in so far, and is tried again. */
  failing?: FillFailure;
}

export interface FillFailure {
  code: string;
  message: string;
  attempts: number;
  /** When it is tried again, epoch ms. */
  next: number;
}

/** The same where something is lacking; null where nothing is, or nothing is said. */
export const lackOf = (filled: Filled | undefined): Filled | null =>
  filled && filled.done < filled.of ? filled : null;
