/** Work that may be left at every yield: whoever drives it decides when it goes on, so that a long one holds nobody up. */
export type Steps<T = void> = Generator<undefined, T, undefined>;

/** Does the whole of it now. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
