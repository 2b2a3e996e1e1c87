/** What was seen, on the terminal at once and kept as lines. */
export interface Report {
  readonly lines: readonly string[];
  add(...lines: readonly string[]): void;
  /** Runs a check and adds its lines, or how it failed; the next one runs in any case. */
  check(name: string, run: () => Promise<readonly string[]>): Promise<void>;
  readonly failures: number;
}

export function createReport(): Report {
  const lines: string[] = [];
  let failures = 0;
  const add = (...more: readonly string[]): void => {
    for (const line of more) console.log(line);
    lines.push(...more);
  };
  return {
    lines,
    add,
    async check(name, run) {
      const began = Date.now();
      try {
        const found = await run();
        add(...found, `  (${name}: ${((Date.now() - began) / 1_000).toFixed(1)} s)`);
      } catch (error) {
        failures++;
        add(`FAILED ${name}: ${(error as Error).message}`);
      }
    },
    get failures() {
      return failures;
    },
  };
}
