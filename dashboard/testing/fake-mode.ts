import type { ConnectionStatus } from '#client/types.ts';
import type { Refusal } from '#contracts/view/protocol.ts';

/** `live`, `begins` (history begins some minutes ago), `first` (refunds begin after a while), `stale`, `reconnecting`, `refused` (but checkout latency after its first picture), `refused-later` (every view so), `unknown`, `forbidden`, `shut-out` (its key is revoked after the first picture), `gap`, `ended` (nothing for three minutes), `polling`, `waiting`, `empty`, `behind` (events of the last ten minutes are not counted yet), `partly-stale` (one view is old), `warned` (two warnings), `demo` (its data can be removed), `slow` (a further view of a metric answers after `SLOW` ms), `redefined` (every metric is another one after three seconds). */
export type FakeMode = string;

/** A delay of an answer that is long enough to be noticed, ms. */
const SLOW = 1_500;

/** How long the nth view of a metric waits for its answer, ms. */
export const answerAfter = (mode: FakeMode, nth: number): number => (mode === 'slow' && nth > 1 ? SLOW : 30);

/** Whether the metrics are other ones by now. */
export const isRedefined = (mode: FakeMode, age: number): boolean => mode === 'redefined' && age > 3_000;

/** Modes whose views show something before they are refused. */
export const SHOWN_FIRST: ReadonlySet<FakeMode> = new Set(['refused-later', 'shut-out']);
/** The state of the link once it has stopped, in the modes that end it. */
export const STOPPED_LINKS: Record<FakeMode, (now: number) => Partial<ConnectionStatus>> = {
  reconnecting: (now) => ({ state: 'reconnecting', attempt: 3, nextTryAt: now + 60_000 }),
  'shut-out': () => ({ state: 'refused', refusal: refusalOf('shut-out', '') }),
};

/** Returns the refusal of views in the modes that refuse them; null in the others. */
export function refusalOf(mode: FakeMode, metric: string): Refusal | null {
  if (mode === 'unknown')
    return { code: 'unknown_metric', message: `There is no metric ${metric}.`, retry: false };
  if (mode === 'forbidden')
    return { code: 'forbidden_metric', message: `The key does not allow ${metric}.`, retry: false };
  if (mode === 'shut-out') return { code: 'revoked_key', message: 'The key was revoked.', retry: false };
  if (mode === 'refused' || mode === 'refused-later')
    return { code: 'store_unavailable', message: 'The Store does not answer now.', retry: true };
  return null;
}
