import type { Filled } from '#contracts/view/backfill-progress.ts';
import type { FrameView } from '#contracts/view/frame.ts';
import type { Timeline } from '#contracts/view/timeline.ts';
import type { View } from '#contracts/view/view.ts';
import type { Steps } from '../steps.ts';
import type { LiveView } from './live-view.ts';
import type { TopGroups } from './top-groups.ts';
import type { ViewRange } from './view-range.ts';

/** A view as its readers have it: of a metric that is folded, or of one that is computed from others. */
export interface OpenView {
  readonly id: string;
  /** From its request and version: no two open views share it. */
  readonly key: string;
  readonly version: number;
  readonly request: View;
  /** The groups that are shown by themselves; null where all are. */
  readonly top: TopGroups | null;
  /** The views of folded metrics that it is made of: itself, or those of what it is computed from. */
  readonly parts: readonly LiveView[];
  /** Whether a metric is that of the view, or one that this is computed from. */
  isOf(metric: string): boolean;
  readonly range: ViewRange;
  readonly start: number;
  readonly end: number;
  readonly asOf: number | null;
  readonly watermark: number | null;
  /** The windows that it is compared with; null without, and while they are not known. */
  readonly earlierTimeline: Timeline | null;
  /** The oldest cursor that `changesSince` can answer; null until the history has been read. */
  readonly floor: number | null;
  readonly filled: Filled;
  /** Highest mark of any change that a frame would carry; and of a change in a window. */
  readonly changedAt: number;
  readonly windowsChangedAt: number;
  /** Estimated memory. */
  readonly bytes: number;
  /** Number of cells, in all windows; of groups; and of values in each cell. */
  readonly cells: number;
  readonly groups: number;
  readonly outputs: number;
  /** Whether it can answer once its parts can. */
  readonly isSettled: boolean;
  /** Whether it may answer the cursor of another gateway. */
  readonly isResumable: boolean;
  /** To be called before a frame is written: what it shows may follow from that of its parts. */
  prepare(): Steps;
  /** Computes, in steps, the values that a frame since a cursor needs. */
  compute(cursor?: number): Steps;
  /** `known`: the client has seen no window from here on, whatever its cursor. In steps, between which the hub must not change. */
  changesSince(cursor: number, members?: boolean, known?: number): Steps<FrameView>;
  snapshot(): Steps<FrameView>;
  /** Whether a window of the range, or of the earlier one, changed since a cursor. */
  hasNewsFor(cursor: number): boolean;
}
