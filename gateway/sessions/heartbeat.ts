const HEARTBEAT_EVERY_MS = 1_000;

/**
 * Once a second calls `tick`, and `heartbeat` unless the one before is still under way. Returns a function that stops both and
 * resolves when no heartbeat is under way.
 */
export function startHeartbeat(
  tick: () => void,
  heartbeat: () => Promise<void>,
  failed: (error: unknown) => void,
): () => Promise<void> {
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    tick();
    running ??= heartbeat()
      .catch(failed)
      .finally(() => {
        running = null;
      });
  }, HEARTBEAT_EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
