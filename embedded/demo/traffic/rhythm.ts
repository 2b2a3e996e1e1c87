import { MINUTE } from '#contracts/text/duration.ts';

/** Something that begins again and again: first at `at` after the demo's start, then `every` so often, and takes `lasts`; all ms. */
interface Recurring {
  at: number;
  every: number;
  lasts: number;
}

/** A deploy makes the checkout slow for a while; the newest one was four minutes before the start. */
const DEPLOY: Recurring = { at: -4 * MINUTE, every: 34 * MINUTE, lasts: 5 * MINUTE };
/** The warehouse does not say how far behind it is: a hole in the middle of the history. */
const SYNC_OUTAGE: Recurring = { at: -9 * MINUTE, every: 21 * MINUTE, lasts: 2 * MINUTE + 10_000 };
/** The bank has stopped to report before the start, so that its line ends, and goes on three minutes later. */
const BANK_OUTAGE: Recurring = { at: -3 * MINUTE, every: 24 * MINUTE, lasts: 6 * MINUTE };

/** How long it is since the newest beginning; null when that is over. All times are ms after the demo's start, negative before. */
function sinceBegin({ at, every, lasts }: Recurring, time: number): number | null {
  const since = (((time - at) % every) + every) % every;
  return since < lasts ? since : null;
}

/** How busy the shop is at a time, around 1: slow and quick waves over each other. */
export function demandAt(time: number): number {
  const minutes = time / MINUTE;
  const waves =
    0.17 * Math.sin(minutes / 1.9) + 0.09 * Math.sin(minutes / 0.61 + 1) + 0.05 * Math.sin(minutes * 4.3);
  return 1 + waves;
}

/** How much a deploy hurts at a time, 0 to 1: a fast rise, then a slow recovery. */
export function troubleAt(time: number): number {
  const since = sinceBegin(DEPLOY, time);
  if (since === null) return 0;
  return Math.min(1, since / 20_000) * (1 - since / DEPLOY.lasts);
}

/** Seconds that the warehouse is behind, longest after an outage; null while it does not say. */
export function syncLagAt(time: number): number | null {
  if (sinceBegin(SYNC_OUTAGE, time) !== null) return null;
  const { at, every, lasts } = SYNC_OUTAGE;
  const since = sinceBegin({ at: at + lasts, every, lasts: every - lasts }, time) ?? 0;
  return 2.2 + 0.5 * Math.sin(time / 71_000) + 2.4 * Math.exp(-since / 90_000);
}

/** Per cent of card payments that the bank grants; null while it does not report. */
export function grantedAt(time: number): number | null {
  if (sinceBegin(BANK_OUTAGE, time) !== null) return null;
  return 96.6 + 0.7 * Math.sin(time / 97_000) + 0.3 * Math.sin(time / 23_000);
}
