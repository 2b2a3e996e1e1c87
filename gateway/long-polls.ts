import { type Result, refuse } from '#contracts/errors.ts';
import type { ViewRequest } from '#contracts/view.ts';
import type { Caller } from '#platform/access/caller.ts';
import type { Keyring } from '#platform/access/keyring.ts';
import type { LiveView } from './core/live-view.ts';
import type { Held } from './core/usable-cursor.ts';
import type { Feed } from './feed.ts';
import type { OpenedView, ViewDesk } from './view-desk.ts';
import { createWaiting } from './waiting.ts';

export interface PollRequest {
  request: ViewRequest;
  /** What the caller holds; null asks for everything. */
  held: Required<Held> | null;
  /** How long the answer may wait for a change, ms; 0 answers at once. */
  wait: number;
  /** Who asks: a wait ends with their key. */
  caller: Caller;
}

/** Views over plain HTTP: all of one, or what changed since, as soon as something has. */
export interface LongPolls {
  /** Whoever asked gives the view back with `release` of the desk. `gone`: the caller has left. */
  read(poll: PollRequest, gone: AbortSignal): Promise<Result<OpenedView>>;
  /** Something changed: who waits may go on. */
  changed(): void;
  /** Who waits is answered, and nobody waits from now on. */
  close(): void;
}

/** `limit`: requests that wait at once. */
export function createLongPolls(
  desk: ViewDesk,
  feed: Pick<Feed, 'hub'>,
  limit: number,
  keyring: Pick<Keyring, 'expel'>,
): LongPolls {
  const waiting = createWaiting();
  let count = 0;
  let closed = false;

  const wait = async (condition: () => boolean, ms: number, gone: AbortSignal): Promise<void> => {
    count++;
    await waiting.until(condition, ms, gone).finally(() => count--);
  };
  const mayWait = (): Result<null> | null => {
    if (closed) return refuse('shutting_down', 'The gateway is stopping; ask again.');
    if (count < limit) return null;
    return refuse('too_many_waits', `${limit} requests wait already, the limit (MILLRACE_WAITING_REQUESTS).`);
  };
  return {
    async read({ request, held, wait: patience, caller }, gone) {
      const refused = patience > 0 && held !== null ? mayWait() : null;
      if (refused !== null && !refused.ok) return refused;
      const isExpelled = () => keyring.expel(caller) !== null;
      /** What was found for somebody whose key counted when they asked. */
      const answer = (opened: Result<OpenedView>): Result<OpenedView> => {
        const fault = keyring.expel(caller);
        if (fault === null) return opened;
        if (opened.ok) desk.release(opened.value.live, true);
        return { ok: false, fault };
      };
      const until = performance.now() + patience;
      // Until then every answer would be a whole one, and a caller in a loop would not wait at all.
      if (patience > 0 && held !== null)
        await wait(() => isExpelled() || (feed.hub?.join.done ?? false), patience, gone);
      const fault = keyring.expel(caller);
      if (fault !== null) return { ok: false, fault };
      const opened = answer(await desk.open(request, held, true));
      const left = until - performance.now();
      if (!opened.ok || held === null || left <= 0 || hasNews(opened.value)) return opened;
      const { live } = opened.value;
      const hasChanged = changedSince(feed, live, held.cursor.offset);
      await wait(() => isExpelled() || hasChanged(), left, gone);
      if (gone.aborted) return opened;
      if (isExpelled()) return answer(opened);
      desk.release(live, true);
      return answer(await desk.open(request, held, true));
    },
    changed: () => waiting.check(),
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
  let looked = cursor;
  return () => {
    if (hub === null || feed.hub !== hub || !hub.isOpen(live)) return true;
    if (hub.offset <= looked || live.changed <= looked || !hub.isReady(live)) return false;
    const change = hub.since(live, cursor);
    looked = hub.offset;
    return change.snapshot === true || change.windows.length > 0;
  };
}
