const MINUTE = 60_000;
/** A deploy every 12 minutes makes the checkout slow for a while. */
const DEPLOY_EVERY = 12 * MINUTE;
const DEPLOY_LASTS = 2.5 * MINUTE;

/** How busy the shop is at a time, around 1: slow and quick waves over each other. */
export function demandAt(time: number): number {
  const minutes = time / MINUTE;
  const waves =
    0.28 * Math.sin(minutes / 1.9) + 0.14 * Math.sin(minutes / 0.61 + 1) + 0.08 * Math.sin(minutes * 4.3);
  return 1 + waves;
}

/** How much a deploy hurts at a time, 0 to 1: a fast rise, then a slow recovery. */
export function troubleAt(time: number): number {
  const since = time % DEPLOY_EVERY;
  if (since > DEPLOY_LASTS) return 0;
  const rise = Math.min(1, since / 20_000);
  return rise * (1 - since / DEPLOY_LASTS);
}
