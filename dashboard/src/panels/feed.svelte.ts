import type { Panel } from '#contracts/board.ts';
import type { ViewContents } from '#contracts/frame.ts';
import type { Refusal } from '#contracts/protocol.ts';
import type { ViewInfo, ViewRequest } from '#contracts/view.ts';
import type { Session } from '../app/session.svelte.ts';
import { createTraceData, type TraceData } from '../charts/trace-data.ts';
import { type Advance, advance } from './staleness.ts';

/** One panel's view: its points outside reactivity, and the few facts that words are made of inside. */
export interface Feed {
  readonly data: TraceData;
  readonly info: ViewInfo | null;
  readonly refusal: Refusal | null;
  /** Whether the range holds no value at all. */
  readonly bare: boolean;
  readonly progress: Advance;
  /** Grows with every change of the data; for the few places that set figures as text. */
  readonly revision: number;
  /** Local time when the subscription began. */
  readonly since: number;
  /** Whether somebody can see the panel; only then its delays are measured. */
  watch(seen: boolean): void;
  /** Says that what came so far is on the screen. */
  painted(): void;
  close(): void;
}

export interface FeedOptions {
  panel: Panel;
  request: ViewRequest;
  session: Session;
  /** The drawing stands while this holds; data is kept by the client. */
  paused(): boolean;
}

/** Receipts waiting for their paint. */
const MOST_RECEIPTS = 256;

export function createFeed({ panel, request, session, paused }: FeedOptions): Feed {
  const data = createTraceData(panel.outputs, panel.kind === 'stat' ? null : session.slots);
  const state = $state({
    info: null as ViewInfo | null,
    refusal: null as Refusal | null,
    bare: true,
    progress: { asOf: null, since: Date.now() } as Advance,
    revision: 0,
  });
  let held: ViewContents | null = null;
  let skipped = false;
  let receipts: number[] = [];
  let seen = true;

  const measuring = (): boolean => seen && !document.hidden && !paused() && receipts.length < MOST_RECEIPTS;

  function take(contents: ViewContents, load: () => void): void {
    held = contents;
    state.progress = advance(state.progress, contents.asOf, Date.now());
    if (paused() && state.revision > 0) {
      skipped = true;
      return;
    }
    load();
    state.bare = !hasValue(contents);
    state.revision++;
    session.scheduler.wake();
  }

  const subscription = session.client.subscribe(request, {
    onInfo(info) {
      state.info = info;
      state.refusal = null;
    },
    onRefused(refusal) {
      state.refusal = refusal;
    },
    onChange(contents, change) {
      const info = state.info;
      if (info === null) return;
      state.refusal = null;
      if (change !== null && change.received !== null && measuring())
        receipts.push(change.received);
      take(contents, () => {
        if (change === null || skipped) data.load(info, contents);
        else data.update(info, contents, change);
        skipped = false;
      });
    },
  });
  const endBeat = session.client.onBeat((beat) => {
    const view = beat.views.find((v) => v.view === state.info?.view);
    if (view) state.progress = advance(state.progress, view.asOf, Date.now());
    if (skipped && !paused() && held !== null && state.info !== null) {
      skipped = false;
      data.load(state.info, held);
      session.scheduler.wake();
    }
  });

  return {
    data,
    since: Date.now(),
    get info() {
      return state.info;
    },
    get refusal() {
      return state.refusal;
    },
    get bare() {
      return state.bare;
    },
    get progress() {
      return state.progress;
    },
    get revision() {
      return state.revision;
    },
    watch(now) {
      seen = now;
      if (!seen) receipts = [];
    },
    painted() {
      if (receipts.length === 0) return;
      const now = session.client.now();
      for (const received of receipts) session.delays.add(now - received);
      receipts = [];
    },
    close() {
      subscription.close();
      endBeat();
    },
  };
}

function hasValue(contents: ViewContents): boolean {
  for (const { cells } of contents.series.values()) if (cells.size > 0) return true;
  return false;
}
