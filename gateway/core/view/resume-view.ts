import type { FrameView } from '#contracts/view/frame.ts';
import type { ResumeCursor } from '#contracts/view/protocol.ts';
import type { Steps } from '../steps.ts';
import type { OpenView } from './live-view.ts';

/** What a returning client holds. */
export interface ResumePoint {
  cursor: ResumeCursor;
  version?: number;
  view?: string;
}

/** Returns the cursor where it belongs to this version and view; null means that the client needs the whole contents. */
export function usableCursor(
  live: { version: number; id: string },
  held: ResumePoint | null,
): ResumeCursor | null {
  if (held === null) return null;
  const { cursor, version = live.version, view = live.id } = held;
  return version === live.version && view === live.id ? cursor : null;
}

/** The gateway's current position: the epoch and offset of cursors that it gives out now. */
interface Here {
  epoch: string;
  offset: number;
}

/**
 * Returns, in steps, what changed since the cursor of a returning client, perhaps from another gateway, with the list of series as
 * numbered here. Returns the whole contents for a cursor of another epoch, from before the view's history was read,
 * ahead of this gateway, or with windows that this one does not show yet.
 */
export function resumeView(view: OpenView, cursor: ResumeCursor, here: Here): Steps<FrameView> {
  const { epoch, offset, end = view.end } = cursor;
  if (epoch !== here.epoch) return view.snapshot();
  if (offset < view.floor!) return view.snapshot();
  if (offset > here.offset) return view.snapshot();
  if (end > view.end) return view.snapshot();
  if (!view.isResumable) return view.snapshot();
  return view.changesSince(offset, true, end);
}
