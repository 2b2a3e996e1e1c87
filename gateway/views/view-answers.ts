import { type Fault, ok, type Result, refuse } from '#contracts/errors.ts';
import type { FrameView } from '#contracts/view/frame.ts';
import type { Timeline } from '#contracts/view/timeline.ts';
import { nextTurn, runInTurns } from '#platform/process/tasks/turns.ts';
import type { OpenView } from '../core/view/live-view.ts';
import { type ResumePoint, usableCursor } from '../core/view/resume-view.ts';
import type { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps } from '../deps.ts';
import type { SocketLink } from '../sockets/socket-server.ts';
import type { UpdateTail } from './update-tail.ts';
import type { WaitList } from './wait-list.ts';

/** Contents of a view and the cursor they belong to, of one moment. */
export interface ViewContentsAt {
  epoch: string;
  to: number;
  change: FrameView;
  /** The windows of its range, and of the earlier one that it is compared with, at that moment; null without. */
  timeline: Timeline | null;
  earlier: Timeline | null;
  /** The whole contents at that moment, where they were asked for; else `change` again. */
  whole: FrameView;
}

export interface AnswerTo {
  held: ResumePoint | null;
  /** Whether the whole contents are wanted beside what changed. */
  whole?: boolean;
  /** The client that is answered: an answer waits until it has read earlier ones, which would pile up in memory otherwise. */
  to?: Pick<SocketLink, 'writable' | 'drained'>;
}

/** How long a gateway that is behind a client's cursor waits before it sends a snapshot instead. */
const BEHIND_TIMEOUT_MS = 5_000;
/** How long a view may wait for its history; the client asks again after 20 s. */
export const HISTORY_TIMEOUT_MS = 15_000;

export interface AnswerDeps extends Pick<GatewayDeps, 'catalog'> {
  updateTail: Pick<UpdateTail, 'hub' | 'atRest'>;
  waitList: WaitList;
  /** Returns why a view has ended; undefined for one that has not. */
  faultOf: (live: OpenView) => Fault | undefined;
}

/** Answers requests: waits until the view has its history, then returns its contents. */
export function createViewAnswers({ updateTail, catalog, waitList, faultOf }: AnswerDeps) {
  /** Resolves in a turn of its own in which the client can be written to: a thousand answers at once would block the loop. */
  const turnFor = async (to: AnswerTo['to']): Promise<void> => {
    do await nextTurn();
    while (to !== undefined && !to.writable() && (await to.drained()));
  };
  return async (
    hub: ViewHub,
    live: OpenView,
    { held, whole = false, to }: AnswerTo,
  ): Promise<Result<ViewContentsAt>> => {
    const cursor = usableCursor(live, held);
    const isOpen = () => updateTail.hub === hub && hub.isOpen(live);
    const deadline = performance.now() + HISTORY_TIMEOUT_MS;
    const isReady = async (): Promise<boolean> => {
      const condition = () => !isOpen() || hub.isReady(live);
      await waitList.until({ topics: [live], condition, timeout: deadline - performance.now() });
      return condition();
    };
    if ((await isReady()) && cursor?.epoch === catalog.identity && cursor.offset > hub.offset) {
      // The client comes from a gateway that was ahead of this one.
      await waitList.until({
        topics: [live, offsetTopic(cursor.offset)],
        condition: () => !isOpen() || hub.offset >= cursor.offset,
        timeout: BEHIND_TIMEOUT_MS,
      });
    }
    /** Returns contents of one moment, though they are computed in turns; null where the view cannot answer now. */
    const readContents = async (): Promise<ViewContentsAt | null> => {
      if (!isOpen() || !hub.isReady(live)) return null;
      await runInTurns(live.compute());
      if (!isOpen() || !hub.isReady(live)) return null;
      const epoch = hub.epoch(catalog.identity);
      const to = hub.offset;
      const timelines = { timeline: live.range.timeline, earlier: live.earlierTimeline };
      const steps = cursor === null ? live.snapshot() : hub.resume(live, cursor, catalog.identity);
      const change = await runInTurns(steps);
      const isPart = whole && change.snapshot !== true;
      const all = isPart ? await runInTurns(live.snapshot()) : change;
      return { epoch, to, change, ...timelines, whole: all };
    };
    do {
      await turnFor(to);
      const contents = await updateTail.atRest(readContents);
      if (contents !== null) return ok(contents);
    } while (isOpen() && (await isReady()));
    const fault = faultOf(live);
    if (fault !== undefined) return { ok: false, fault };
    return refuse('store_unavailable', 'The history of the view could not be read in time.');
  };
}

export const offsetTopic = (offset: number): string => `offset ${offset}`;
