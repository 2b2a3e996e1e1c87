/** Work that pauses at every yield: its driver decides when it goes on, so that long work does not block other work. */
export type Steps<T = void> = Generator<undefined, T, undefined>;

/** Runs all steps now. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
