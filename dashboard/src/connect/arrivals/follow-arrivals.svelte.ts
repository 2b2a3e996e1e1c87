import type { RejectedRecord } from '#contracts/log/rejected-record.ts';
import type { Tail } from '#contracts/view/protocol.ts';
import { addGetters } from '../../app/add-getters.ts';
import type { Session } from '../../app/session.svelte.ts';
import type { ConnectApi } from '../connect-api.ts';
import { type Arrival, groupRefusals, type Mark, type RefusalGroup } from './arrival-list.ts';
import { createVerdictQueue } from './verdict-queue.ts';

/** What has come since the page listens. */
export interface Arrivals {
  /** When the page began to listen, server time. */
  readonly since: number;
  /** The newest events, newest first. */
  readonly events: readonly Arrival[];
  /** The first that did not come from this page. */
  readonly first: Arrival | null;
  /** Events that came, listed or not. */
  readonly count: number;
  /** Of those, and of refusals, how many the server did not list. */
  readonly unlisted: number;
  /** The newest refusals, also of before. */
  readonly refusals: readonly RefusalGroup[];
  /** Since the page listens. */
  readonly refused: number;
  readonly marks: readonly Mark[];
  /** Whether the key shows no single events. */
  readonly denied: boolean;
  /** Why refusals cannot be read now. */
  readonly fault: string | null;
  /** Notes that this page sends an event with an id, so that it is known when it comes. */
  sends(id: string): void;
}

const MOST_EVENTS = 60;
const MOST_REFUSALS = 50;
const MOST_MARKS = 2_000;
/** What a mark stays on the tape, ms. */
export const TAPE = 60_000;
/** Sent events that are waited for. */
const MOST_SENT = 20;

/** To be called while a component begins: listens as long as it is there. */
export function followArrivals(session: Session, api: ConnectApi): Arrivals {
  const since = session.client.now();
  const state = $state({
    events: [] as readonly Arrival[],
    first: null as Arrival | null,
    count: 0,
    unlisted: 0,
    refusals: [] as readonly RefusalGroup[],
    refused: 0,
    marks: [] as readonly Mark[],
    denied: false,
    fault: null as string | null,
  });
  const sent = new Map<string, number>();
  let next = 0;

  const isRecent = ({ time }: Mark): boolean => time > session.client.now() - TAPE;
  const mark = (marks: readonly Mark[]): void => {
    state.marks = [...state.marks.filter(isRecent), ...marks].slice(-MOST_MARKS);
  };
  const showRefusals = (records: readonly RejectedRecord[]): void => {
    state.refusals = groupRefusals(records);
    const own = records.filter(({ time }) => time >= since);
    state.refused = Math.max(state.refused, own.length);
    const marked = own.map(({ time }): Mark => ({ time, kind: 'refused' }));
    state.marks = [...state.marks.filter((one) => one.kind !== 'refused' && isRecent(one)), ...marked];
  };

  $effect(() => {
    // Another key may see what this one did not.
    void session.keyPrompt.changes;
    let here = true;
    const queue = createVerdictQueue(api, (ms) => new Promise((resolve) => setTimeout(resolve, ms)));
    const look = createLook(async () => {
      try {
        const rejected = await api.rejected(MOST_REFUSALS);
        if (!here) return;
        showRefusals(rejected);
        state.fault = null;
      } catch (error) {
        if (here) state.fault = (error as Error).message;
      }
    });
    const judge = (arrival: Arrival): void =>
      queue.ask(arrival.row, (judged) => {
        state.events = state.events.map((one) => (one.line === arrival.line ? { ...one, judged } : one));
      });
    const receive = (tail: Tail): void => {
      const arrived = session.client.now();
      const rows = tail.rows.filter(({ rejected }) => rejected === undefined);
      const came = rows.map((row): Arrival => {
        const from = row.id === undefined ? undefined : sent.get(row.id);
        const testedIn = from === undefined ? null : performance.now() - from;
        return { line: next++, arrived, row, judged: { state: 'waiting' }, testedIn };
      });
      state.denied = false;
      state.events = [...came.toReversed(), ...state.events].slice(0, MOST_EVENTS);
      state.first ??= came.find(({ testedIn }) => testedIn === null) ?? null;
      state.count += came.length;
      state.unlisted += tail.skipped;
      mark(came.map(({ testedIn }) => ({ time: arrived, kind: testedIn === null ? 'received' : 'test' })));
      for (const arrival of came) judge(arrival);
      if (rows.length < tail.rows.length || tail.skipped > 0) look();
    };
    const ends = [
      session.client.tail(receive, () => (state.denied = true)),
      session.client.onConnectionChange(({ state: link }) => {
        // What was refused while the connection was away.
        if (link === 'live') look();
      }),
    ];
    look();
    return () => {
      here = false;
      queue.close();
      for (const end of ends) end();
    };
  });

  return addGetters(
    {
      since,
      sends(id: string) {
        sent.set(id, performance.now());
        const oldest = sent.size > MOST_SENT ? sent.keys().next().value : undefined;
        if (oldest !== undefined) sent.delete(oldest);
      },
    },
    state,
  );
}

/** Returns a function that starts the work, or, while it runs, once more after it: calls never pile up. */
function createLook(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const run = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      await work();
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void run();
  };
}
