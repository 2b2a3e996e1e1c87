import { type Fault, ok, type Result, refuse } from '#contracts/errors.ts';
import type { FrameView } from '#contracts/view/frame.ts';
import { nextTurn, runInTurns } from '#platform/process/tasks/turns.ts';
import { type Held, usableCursor } from '../core/usable-cursor.ts';
import type { LiveView } from '../core/view/live-view.ts';
import type { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps } from '../deps.ts';
import type { SocketLink } from '../sockets/socket-server.ts';
import type { Feed } from './update-tail.ts';
import type { Waiting } from './waiting.ts';

/** Contents and the cursor they belong to, taken at one moment. */
export interface Position {
  epoch: string;
  to: number;
  change: FrameView;
  /** The whole contents at that moment, where they were asked for; else `change` again. */
  whole: FrameView;
}

export interface AnswerTo {
  held: Held | null;
  /** Whether the whole contents are wanted beside what changed. */
  whole?: boolean;
  /** Whom the answer is written to: it waits until they have read earlier ones, or those would pile up in memory. */
  to?: Pick<SocketLink, 'writable' | 'drained'>;
}

/** How long a gateway that is behind a client's cursor waits before it sends a snapshot instead, ms. */
const BEHIND = 5_000;
/** How long a view may wait for its history, ms; the client asks again after 20 s. */
export const HISTORY = 15_000;

export interface AnswerDeps extends Pick<GatewayDeps, 'catalog'> {
  feed: Pick<Feed, 'hub' | 'atRest'>;
  waiting: Waiting;
  /** Why a view has ended; undefined for one that has not. */
  faultOf: (live: LiveView) => Fault | undefined;
}

/** Waits until a view can answer, and takes its contents. */
export function createAnswers({ feed, catalog, waiting, faultOf }: AnswerDeps) {
  /** A turn of its own in which somebody may be written to: a thousand answers at once would hold everybody up. */
  const turnTo = async (to: AnswerTo['to']): Promise<void> => {
    do await nextTurn();
    while (to !== undefined && !to.writable() && (await to.drained()));
  };
  const answer = async (
    hub: ViewHub,
    live: LiveView,
    { held, whole = false, to }: AnswerTo,
  ): Promise<Result<Position>> => {
    const cursor = usableCursor(live, held);
    const isHere = () => feed.hub === hub && hub.isOpen(live);
    const until = performance.now() + HISTORY;
    const isReady = async (): Promise<boolean> => {
      const is = () => !isHere() || hub.isReady(live);
      await waiting.until({ of: [live], is, ms: until - performance.now() });
      return is();
    };
    if ((await isReady()) && cursor?.epoch === catalog.identity && cursor.offset > hub.offset) {
      // Another gateway was further than this one.
      const is = () => !isHere() || hub.offset >= cursor.offset;
      await waiting.until({ of: [live, offsetTopic(cursor.offset)], is, ms: BEHIND });
    }
    /** Of one moment, though it is computed in turns; null where it cannot be taken now. */
    const take = async (): Promise<Position | null> => {
      if (!isHere() || !hub.isReady(live)) return null;
      await runInTurns(live.compute());
      if (!isHere() || !hub.isReady(live)) return null;
      const change = cursor === null ? live.snapshot() : hub.resume(live, cursor, catalog.identity);
      const isPart = whole && change.snapshot !== true;
      const epoch = hub.epoch(catalog.identity);
      return { epoch, to: hub.offset, change, whole: isPart ? live.snapshot() : change };
    };
    do {
      await turnTo(to);
      const position = await feed.atRest(take);
      if (position !== null) return ok(position);
    } while (isHere() && (await isReady()));
    const fault = faultOf(live);
    if (fault !== undefined) return { ok: false, fault };
    return refuse('store_unavailable', 'The history of the view could not be read in time.');
  };
  return { turn: nextTurn, answer };
}

export const offsetTopic = (offset: number): string => `offset ${offset}`;
