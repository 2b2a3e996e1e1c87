/** One rule about the sources. */
export interface Check {
  name: string;
  run(): Promise<Findings>;
}

export interface Findings {
  /** What is to be repaired. */
  problems: string[];
  /** Shown when there are none. */
  note?: string;
  /** Why nobody could look, here; it counts as skipped then, never as passed. */
  skipped?: string;
}
