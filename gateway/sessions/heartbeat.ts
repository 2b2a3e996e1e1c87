/** ms between two beats. */
const BEAT = 1_000;

/**
 * Once a second calls `tick`, and `beat` unless the one before is still under way. Answers how to stop; that resolves when
 * no beat is.
 */
export function startBeating(
  tick: () => void,
  beat: () => Promise<void>,
  failed: (error: unknown) => void,
): () => Promise<void> {
  let beating: Promise<void> | null = null;
  const timer = setInterval(() => {
    tick();
    beating ??= beat()
      .catch(failed)
      .finally(() => {
        beating = null;
      });
  }, BEAT);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await beating;
  };
}
