import type { ConnectionStatus } from '#client/types.ts';
import type { Scope } from '#contracts/key.ts';
import type { SystemRecord } from '#contracts/log/system-record.ts';
import type { Formats } from '../format/formats.ts';

/** A stage of the way from the sender to history. */
export interface WayCheck {
  id: 'gateway' | 'key' | 'requests' | 'accepted' | 'stored';
  state: 'works' | 'waits' | 'fails';
  title: string;
  /** The figure, or why it fails. */
  text: string;
}

/** What has come since the page listens. */
export interface Since {
  requests: number;
  accepted: number;
  /** Folded, repeats among them. */
  folded: number;
}

export interface WayFacts {
  link: Pick<ConnectionStatus, 'state' | 'transport' | 'roundTrip' | 'attempt' | 'refusal'>;
  /** Scopes of the page's key; `anyone`: none is needed; null: not known yet. */
  scope: readonly Scope[] | 'anyone' | null;
  /** Whether the page has a key that may write, beside its own. */
  hasWriter: boolean;
  /** Null before the processes have reported. */
  since: Since | null;
  /** The newest refusal since the page listens: status and cause. */
  refused: { count: number; newest: string } | null;
  /** Blocks that are in the Log and not counted. */
  lag: number | null;
  formats: Pick<Formats, 'delay' | 'fixed'>;
}

/** Checks the way stage by stage, in its order. */
export const wayChecks = (facts: WayFacts): WayCheck[] => [
  gateway(facts),
  key(facts),
  requests(facts),
  accepted(facts),
  stored(facts),
];

function gateway({ link, formats }: WayFacts): WayCheck {
  const id = 'gateway';
  if (link.state === 'live') {
    const way = link.transport === 'polling' ? 'long-polling' : 'WebSocket';
    const text = link.roundTrip === null ? way : `${formats.delay(link.roundTrip)}, ${way}`;
    return { id, state: 'works', title: 'Gateway answers', text };
  }
  if (link.state === 'connecting')
    return { id, state: 'waits', title: 'Gateway', text: 'connecting for the first time' };
  const text =
    link.state === 'refused'
      ? (link.refusal?.message ?? 'it refuses this page')
      : `no answer, try ${link.attempt}`;
  return { id, state: 'fails', title: 'Gateway does not answer', text };
}

function key({ scope, hasWriter }: WayFacts): WayCheck {
  const id = 'key';
  if (scope === null) return { id, state: 'waits', title: 'Key', text: 'asking what it may do' };
  if (scope === 'anyone')
    return { id, state: 'works', title: 'No key is needed', text: 'everybody here may send' };
  if (hasWriter) return { id, state: 'works', title: 'Key is active', text: 'made on this page, write only' };
  const may = `the page's own key: ${scope.join(', ')}`;
  if (maySend(scope)) return { id, state: 'works', title: 'Key is active', text: may };
  return { id, state: 'waits', title: 'A key for sending is missing', text: `${may}, not write` };
}

/** Whether a key of these scopes may post events. */
export const maySend = (scope: readonly Scope[] | 'anyone'): boolean =>
  scope === 'anyone' || scope.includes('write') || scope.includes('admin');

function requests({ since, refused, formats }: WayFacts): WayCheck {
  const id = 'requests';
  const count = Math.max(since?.requests ?? 0, refused?.count ?? 0, (since?.accepted ?? 0) ? 1 : 0);
  if (count > 0)
    return {
      id,
      state: 'works',
      title: 'Requests reach us',
      text: `${formats.fixed(count, 0)} since it listens`,
    };
  return {
    id,
    state: 'waits',
    title: 'Requests',
    text: since === null ? 'waiting for the first report' : 'none yet',
  };
}

function accepted({ since, refused, formats }: WayFacts): WayCheck {
  const id = 'accepted';
  const count = since?.accepted ?? 0;
  const but = refused === null ? '' : `, ${formats.fixed(refused.count, 0)} refused`;
  if (count > 0) return { id, state: 'works', title: 'Accepted', text: `${events(count, formats)}${but}` };
  if (refused === null) return { id, state: 'waits', title: 'Accepted', text: 'none yet' };
  return { id, state: 'fails', title: 'All were refused', text: `last: ${refused.newest}` };
}

function stored({ since, lag, formats }: WayFacts): WayCheck {
  const id = 'stored';
  const [count, all] = [since?.folded ?? 0, since?.accepted ?? 0];
  if (count > 0 && count >= all)
    return { id, state: 'works', title: 'Counted and stored', text: events(count, formats) };
  if (all === 0) return { id, state: 'waits', title: 'Stored', text: 'none yet' };
  const behind = lag === null ? '' : `, ${formats.fixed(lag, 0)} ${lag === 1 ? 'block' : 'blocks'} to count`;
  return {
    id,
    state: 'waits',
    title: 'On its way to history',
    text: `${formats.fixed(count, 0)} of ${events(all, formats)}${behind}`,
  };
}

const events = (count: number, formats: WayFacts['formats']): string =>
  `${formats.fixed(count, 0)} ${count === 1 ? 'event' : 'events'}`;

/** Totals of processes when the page began to listen, by process. */
export type Baseline = ReadonlyMap<string, Readonly<Record<string, number>>>;

export const baselineOf = (processes: readonly SystemRecord[]): Baseline =>
  new Map(processes.map(({ process, totals }) => [process, totals]));

/** Returns what has come since the baseline. A process that has started since began at zero. */
export function sinceBaseline(baseline: Baseline, processes: readonly SystemRecord[]): Since {
  const sum = (part: SystemRecord['part'], names: readonly string[]): number => {
    let total = 0;
    for (const one of processes) {
      if (one.part !== part) continue;
      for (const name of names)
        total += Math.max(0, (one.totals[name] ?? 0) - (baseline.get(one.process)?.[name] ?? 0));
    }
    return total;
  };
  return {
    requests: sum('ingest', ['requests']),
    accepted: sum('ingest', ['accepted']),
    folded: sum('aggregator', ['events', 'duplicates']),
  };
}
