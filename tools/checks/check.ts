/** One rule about the sources. */
export interface Check {
  name: string;
  run(): Promise<Findings>;
}

export interface Findings {
  /** What must be fixed. */
  problems: string[];
  /** Shown when there are none. */
  note?: string;
  /** Why the check could not run here; it counts as skipped then, never as passed. */
  skipped?: string;
}
