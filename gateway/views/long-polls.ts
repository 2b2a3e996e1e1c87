import { type Result, refuse } from '#contracts/errors.ts';
import type { ViewRequest } from '#contracts/view/view.ts';
import type { Caller } from '#platform/access/caller.ts';
import type { Keyring } from '#platform/access/keyring.ts';
import type { Budget, Owner } from '#platform/limits/budgets.ts';
import type { Held } from '../core/usable-cursor.ts';
import type { LiveView } from '../core/view/live-view.ts';
import type { Feed, News } from './update-tail.ts';
import { type OpenedView, type ViewDesk, waitsText } from './view-service.ts';
import { createWaiting } from './waiting.ts';

export interface PollRequest {
  request: ViewRequest;
  /** What the caller holds; null asks for everything. */
  held: Required<Held> | null;
  /** How long the answer may wait for a change, ms; 0 answers at once. */
  wait: number;
  /** Who asks: a wait ends with their key. */
  caller: Caller;
  owner: Owner;
}

/** Views over plain HTTP: all of one, or what changed since, as soon as something has. */
export interface LongPolls {
  /** Whoever asked gives the view back with `release` of the desk. `gone`: the caller has left. */
  read(poll: PollRequest, gone: AbortSignal): Promise<Result<OpenedView>>;
  /** Something changed: who waits for it may go on. */
  changed(news: News): void;
  /** A key was revoked or changed. */
  keyChanged(id: string): void;
  /** Who waits is answered, and nobody waits from now on. */
  close(): void;
}

const JOIN = 'join';
const keyTopic = (id: string): string => `key ${id}`;

export interface PollDeps {
  feed: Pick<Feed, 'hub'>;
  /** Requests that wait for a change. */
  waits: Budget;
  keyring: Pick<Keyring, 'revocationOf'>;
  clock: () => number;
}

export function createLongPolls(desk: ViewDesk, { feed, waits, keyring, clock }: PollDeps): LongPolls {
  const waiting = createWaiting();
  let isJoined = false;
  let closed = false;

  const mayWait = ({ owner }: PollRequest): Result<null> => {
    if (closed) return refuse('shutting_down', 'The gateway is stopping; ask again.');
    const short = waits.acquire(1, owner);
    return short === null ? { ok: true, value: null } : refuse('too_many_waits', waitsText(short));
  };
  const read = async (poll: PollRequest, gone: AbortSignal): Promise<Result<OpenedView>> => {
    const { request, held, wait: patience, caller, owner } = poll;
    const isRevoked = () => keyring.revocationOf(caller) !== null;
    /** What was found for somebody whose key counted when they asked. */
    const answer = (opened: Result<OpenedView>): Result<OpenedView> => {
      const fault = keyring.revocationOf(caller);
      if (fault === null) return opened;
      if (opened.ok) desk.release(opened.value.live, owner, true);
      return { ok: false, fault };
    };
    const until = performance.now() + patience;
    /** Ends with the key, too. */
    const wait = async (topic: LiveView | string, is: () => boolean): Promise<void> => {
      const expires = caller.expires === null ? Number.POSITIVE_INFINITY : caller.expires - clock();
      const ms = Math.min(until - performance.now(), expires);
      await waiting.until({ of: [topic, keyTopic(caller.id)], is: () => isRevoked() || is(), ms, gone });
    };
    // Until then every answer would be a whole one, and a caller in a loop would not wait at all.
    if (patience > 0 && held !== null) await wait(JOIN, () => feed.hub?.join.done ?? false);
    const fault = keyring.revocationOf(caller);
    if (fault !== null) return { ok: false, fault };
    const opened = answer(await desk.open({ request, held, owner, whole: true }));
    if (!opened.ok || held === null || until <= performance.now() || hasNews(opened.value)) return opened;
    const { live } = opened.value;
    await wait(live, changedSince(feed, live, held.cursor.offset));
    if (gone.aborted) return opened;
    if (isRevoked()) return answer(opened);
    desk.release(live, owner, true);
    return answer(await desk.open({ request, held, owner, whole: true }));
  };
  return {
    async read(poll, gone) {
      if (poll.wait === 0 || poll.held === null) return await read(poll, gone);
      const may = mayWait(poll);
      return may.ok ? await read(poll, gone).finally(() => waits.adjust(-1, poll.owner)) : may;
    },
    changed({ views, isAnother }) {
      for (const view of views) waiting.call(view);
      const isJoinedNow = feed.hub?.join.done ?? false;
      if (isAnother || isJoinedNow !== isJoined) waiting.call(JOIN);
      isJoined = isJoinedNow;
    },
    keyChanged: (id) => waiting.call(keyTopic(id)),
    close() {
      closed = true;
      waiting.close();
    },
  };
}

const hasNews = ({ change }: OpenedView): boolean => change.snapshot === true || change.windows.length > 0;

/** Whether the view has news for a cursor, or has ended. A range that moves on over empty windows is no news. */
function changedSince(feed: Pick<Feed, 'hub'>, live: LiveView, cursor: number): () => boolean {
  const { hub } = feed;
  return () => {
    if (hub === null || feed.hub !== hub || !hub.isOpen(live)) return true;
    if (!hub.isReady(live)) return false;
    // A window that changed may have left the range since.
    return cursor < live.floor! || (live.news > cursor && live.hasNewsFor(cursor));
  };
}
