import { hasConditions } from '#contracts/filter/where.ts';
import type { Session } from '../../app/session.svelte.ts';
import type { FollowedFeed } from '../feed/follow-feed.svelte.ts';
import { conditionOf, type PanelCondition, type Tag, tagOf } from '../feed/panel-state.ts';
import { type Advance, advance, countedTo, isStale } from '../feed/staleness.ts';
import { ageLabel, type TailFacts } from './header-labels.ts';

/** What a panel says of its data, beside the data itself. */
export interface PanelStatus {
  readonly condition: PanelCondition;
  /** The tag in the header; null where the age says enough. */
  readonly tag: Tag | null;
  /** The age of what is shown; empty where the tag says it. */
  readonly age: string;
}

/** Follows the state of a panel's data, until the component is destroyed. */
export function followStatus(
  session: Session,
  followed: FollowedFeed,
  readTail: () => TailFacts,
): PanelStatus {
  let heartbeats = $state.raw<Advance>({ asOf: null, since: Date.now() });
  const feed = $derived(followed.feed);
  const isTail = $derived(followed.panel.kind === 'tail');
  // The tail has no view: it is as old as the last heartbeat.
  $effect(() => {
    if (!isTail) return;
    return session.client.onHeartbeat(({ time }) => (heartbeats = advance(heartbeats, time, Date.now())));
  });
  const progress = $derived(feed?.progress ?? heartbeats);
  const condition = $derived(
    conditionOf({
      refusal: feed?.refusal ?? null,
      known: feed === null ? isTail : feed.ready,
      isEmpty: feed?.isEmpty ?? false,
      filtered: hasConditions(followed.panel.view?.where),
      paused: session.url.paused,
      closed: !isTail && followed.range.kind === 'between',
      stale: session.now > 0 && isStale(progress, Date.now(), session.resumedAt),
      link: session.link,
    }),
  );
  // The page says so once for all of its panels, beside the connection.
  $effect(() => {
    if (condition !== 'refused' || feed?.refusal?.retry !== true) return;
    const { id } = followed.panel;
    session.failing.add(id);
    return () => session.failing.delete(id);
  });
  const tag = $derived(
    tagOf(condition, {
      asOf: progress.asOf,
      now: session.now,
      link: session.link,
      localNow: Date.now(),
      code: feed?.refusal?.code ?? null,
      ingestRate: session.heartbeat?.status.ingestRate ?? null,
      filled: feed?.filled ?? null,
      fillFault: feed?.fillFault ?? null,
      loading: followed.loading,
      closed: followed.range.kind === 'between',
      counted: countedTo(session.heartbeat),
      formats: session.formats,
    }),
  );
  const age = $derived.by(() => {
    if (condition !== 'live' && condition !== 'empty') return '';
    if (!isTail && followed.range.kind === 'between') return '';
    if (!isTail) return ageLabel(progress.asOf, session.client.now(), session.formats);
    const localNow = session.now - session.client.now() + Date.now();
    return ageLabel(readTail().at || null, localNow, session.formats);
  });
  return {
    get condition() {
      return condition;
    },
    get tag() {
      return tag;
    },
    get age() {
      return age;
    },
  };
}
