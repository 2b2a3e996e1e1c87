import type { Frame, FrameView } from '#contracts/view/frame.ts';
import type { Steps } from '../core/steps.ts';
import type { Encoded } from '../sockets/link.ts';
import { encodeInSteps, encodeMessage } from '../sockets/socket-server.ts';

/** Cells and series of a frame that is encoded at once: almost all are that short, and steps would cost them time. */
const SHORT = 1_000;

/** Encodes a frame, in steps where it is long. */
export function* encodeFrame(frame: Frame): Steps<Encoded> {
  const length = frame.views.reduce((sum, change) => sum + lengthOf(change), 0);
  return length <= SHORT ? encodeMessage('frame', frame) : yield* encodeInSteps('frame', frame);
}

const lengthOf = ({ at, members, compare }: FrameView): number =>
  at.length + (members?.length ?? 0) + (compare === undefined ? 0 : lengthOf(compare));
