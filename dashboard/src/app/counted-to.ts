import type { Beat } from '#contracts/view/protocol.ts';

/** Later than events are ever counted while all goes well, ms. */
export const BEHIND = 10_000;

/** Until when all events are counted, where that is not about now: what is not there yet is not judged. Else null. */
export function countedTo(beat: Pick<Beat, 'time' | 'status'> | null): number | null {
  const watermark = beat?.status.watermark ?? null;
  return beat !== null && watermark !== null && beat.time - watermark > BEHIND ? watermark : null;
}
