import { type Result, refuse } from '#contracts/errors.ts';
import type { Caller } from '#platform/access/caller.ts';
import type { Keyring } from '#platform/access/keyring.ts';
import type { Budget, Owner } from '#platform/limits/budgets.ts';
import type { OpenView } from '../core/view/live-view.ts';
import type { ResumePoint } from '../core/view/resume-view.ts';
import type { HubChanges, UpdateTail } from './update-tail.ts';
import { type OpenedView, type ViewService, waitsText } from './view-service.ts';
import { createWaitList } from './wait-list.ts';

export interface PollRequest {
  /** A view request; what it says is judged where the view is opened. */
  request: unknown;
  /** What the caller holds; null asks for everything. */
  held: Required<ResumePoint> | null;
  /** How long the answer may wait for a change, ms; 0 answers at once. */
  wait: number;
  /** A wait ends when the caller's key is revoked or expires. */
  caller: Caller;
  owner: Owner;
}

/** Views over plain HTTP: all of one, or what changed since, as soon as something has. */
export interface LongPolls {
  /** The caller returns the view with `release` of the view service. `gone`: the client has closed the connection. */
  read(poll: PollRequest, gone: AbortSignal): Promise<Result<OpenedView>>;
  /** Continues the waits for what has changed. */
  changed(changes: HubChanges): void;
  /** Ends the waits of a key that was revoked or changed. */
  keyChanged(id: string): void;
  /** Answers every wait; later requests that would wait are refused. */
  close(): void;
}

const JOIN = 'join';
const keyTopic = (id: string): string => `key ${id}`;

export interface PollDeps {
  updateTail: Pick<UpdateTail, 'hub'>;
  /** Requests that wait for a change. */
  waits: Budget;
  keyring: Pick<Keyring, 'revocationOf'>;
  clock: () => number;
}

export function createLongPolls(
  viewService: ViewService,
  { updateTail, waits, keyring, clock }: PollDeps,
): LongPolls {
  const waitList = createWaitList();
  let isJoined = false;
  let closed = false;

  const acquireWait = ({ owner }: PollRequest): Result<null> => {
    if (closed) return refuse('shutting_down', 'The gateway is stopping; ask again.');
    const short = waits.acquire(1, owner);
    return short === null ? { ok: true, value: null } : refuse('too_many_waits', waitsText(short));
  };
  const read = async (poll: PollRequest, gone: AbortSignal): Promise<Result<OpenedView>> => {
    const { request, held, wait: timeout, caller, owner } = poll;
    const isRevoked = () => keyring.revocationOf(caller) !== null;
    /** The key may have been revoked while the view was opened. */
    const unlessRevoked = (opened: Result<OpenedView>): Result<OpenedView> => {
      const fault = keyring.revocationOf(caller);
      if (fault === null) return opened;
      if (opened.ok) viewService.release(opened.value.live, owner, true);
      return { ok: false, fault };
    };
    const deadline = performance.now() + timeout;
    const wait = async (topic: OpenView | string, condition: () => boolean): Promise<void> => {
      const keyExpires = caller.expires === null ? Number.POSITIVE_INFINITY : caller.expires - clock();
      await waitList.until({
        topics: [topic, keyTopic(caller.id)],
        condition: () => isRevoked() || condition(),
        timeout: Math.min(deadline - performance.now(), keyExpires),
        signal: gone,
      });
    };
    // Until the join is done every answer would be a whole one, and a caller in a loop would not wait at all.
    if (timeout > 0 && held !== null) await wait(JOIN, () => updateTail.hub?.join.done ?? false);
    const fault = keyring.revocationOf(caller);
    if (fault !== null) return { ok: false, fault };
    const opened = unlessRevoked(await viewService.open({ request, held, owner, whole: true }));
    if (!opened.ok || held === null || deadline <= performance.now() || hasNews(opened.value)) return opened;
    const { live } = opened.value;
    await wait(live, changedSince(updateTail, live, held.cursor.offset));
    if (gone.aborted) return opened;
    if (isRevoked()) return unlessRevoked(opened);
    viewService.release(live, owner, true);
    return unlessRevoked(await viewService.open({ request, held, owner, whole: true }));
  };
  return {
    async read(poll, gone) {
      if (poll.wait === 0 || poll.held === null) return await read(poll, gone);
      const acquired = acquireWait(poll);
      return acquired.ok ? await read(poll, gone).finally(() => waits.adjust(-1, poll.owner)) : acquired;
    },
    changed({ views, isAnother }) {
      for (const view of views) waitList.notify(view);
      const isJoinedNow = updateTail.hub?.join.done ?? false;
      if (isAnother || isJoinedNow !== isJoined) waitList.notify(JOIN);
      isJoined = isJoinedNow;
    },
    keyChanged: (id) => waitList.notify(keyTopic(id)),
    close() {
      closed = true;
      waitList.close();
    },
  };
}

const hasNews = ({ change }: OpenedView): boolean => change.snapshot === true || change.windows.length > 0;

/** Whether the view has news for a cursor, or has ended. A range that moves on over empty windows is no news. */
function changedSince(updateTail: Pick<UpdateTail, 'hub'>, live: OpenView, cursor: number): () => boolean {
  const { hub } = updateTail;
  return () => {
    if (hub === null || updateTail.hub !== hub || !hub.isOpen(live)) return true;
    if (!hub.isReady(live)) return false;
    // A window that changed may have left the range since.
    return cursor < live.floor! || (live.windowsChangedAt > cursor && live.hasNewsFor(cursor));
  };
}
