import type { Panel } from '#contracts/board/panel.ts';
import type { ViewContents } from '#contracts/view/frame.ts';
import type { Refusal } from '#contracts/view/protocol.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { addGetters } from '../../app/add-getters.ts';
import type { Session } from '../../app/session.svelte.ts';
import type { ColorSlots } from '../../charts/ink/color-slots.ts';
import type { ChartTraces } from '../../charts/trace/drawn-traces.ts';
import { chartKindOf, type Palette } from '../../charts/trace/trace.ts';
import { createTraceData, type TraceData } from '../../charts/trace/trace-data.ts';
import { createGroupFigures, type GroupFigures } from './group-figures.ts';
import { createReceipts, type Receipts } from './receipts.ts';
import { type Advance, advance } from './staleness.ts';

/** One panel's view: its points outside reactivity, and the few facts for labels inside. */
export interface Feed {
  /** What charts and stats draw; stays empty for the kinds that list groups. */
  readonly data: TraceData;
  /** What the kinds that list groups show; null for the others. */
  readonly groups: GroupFigures | null;
  readonly receipts: Receipts;
  readonly info: ViewInfo | null;
  readonly refusal: Refusal | null;
  /** Share of the history that is in, 0 to 1; null when all of it is. */
  readonly filled: number | null;
  /** Why the rest cannot be filled in so far; null where there is no fault. */
  readonly fillFault: string | null;
  /** Whether the range holds no value at all. */
  readonly isEmpty: boolean;
  /** Where the view begins, and until when events are counted in it, epoch ms; for labels. */
  readonly bounds: { start: number; watermark: number | null };
  readonly progress: Advance;
  /** Grows with every change of the data; for the few places that set figures as text. */
  readonly revision: number;
  /** Local time when the subscription began. */
  readonly since: number;
  /** Applies what arrived while the page was paused. */
  catchUp(): void;
  close(): void;
}

export interface FeedOptions {
  panel: Panel;
  request: ViewRequest;
  session: Session;
  slots: ColorSlots;
}

interface Facts {
  filled: number | null;
  fillFault: string | null;
  info: ViewInfo | null;
  refusal: Refusal | null;
  isEmpty: boolean;
  progress: Advance;
  revision: number;
}

/** Before anything came. */
const NOTHING: Omit<Facts, 'progress'> = {
  filled: null,
  fillFault: null,
  info: null,
  refusal: null,
  isEmpty: true,
  revision: 0,
};

export function createFeed({ panel, request, session, slots }: FeedOptions): Feed {
  const groups = panel.kind === 'top' || panel.kind === 'table' ? createGroupFigures(panel.outputs) : null;
  const data = createTraceData(panel.outputs, chartOf(panel, slots));
  const shown = groups ?? data;
  const facts = $state<Facts>({ ...NOTHING, progress: { asOf: null, since: Date.now() } });
  const receipts = createReceipts();
  const paused = (): boolean => session.url.paused !== null;
  /** The definition as it came: the one in `facts` is a proxy, too slow for every cell. */
  let info: ViewInfo | null = null;
  const bounds = { start: 0, watermark: null as number | null };
  /** What arrived while the page was paused; the client keeps it up to date. */
  let missed: ViewContents | null = null;
  let published: ViewInfo | null = null;

  /** Once for each definition: its readers would otherwise run again with every frame. */
  function publishInfo(): void {
    if (published !== info) facts.info = info;
    published = info;
  }

  function applyChange(contents: ViewContents, fold: () => void): void {
    fold();
    missed = null;
    // With the data and not before: an old figure has its old unit and window.
    publishInfo();
    facts.isEmpty = !hasValue(contents);
    facts.revision++;
    session.scheduler.wake();
  }

  const subscription = session.client.subscribe(request, {
    onInfo(next) {
      info = next;
      if (facts.revision === 0) publishInfo();
      facts.refusal = null;
    },
    onRefused(refusal) {
      facts.refusal = refusal;
    },
    onChange(contents, change) {
      const known = info;
      if (known === null) return;
      setBackfill(facts, contents.filled);
      facts.refusal = null;
      facts.progress = advance(facts.progress, contents.asOf, Date.now());
      Object.assign(bounds, { start: contents.start, watermark: contents.watermark });
      if (paused() && facts.revision > 0) missed = contents;
      else if (change === null || missed !== null) applyChange(contents, () => shown.load(known, contents));
      else {
        applyChange(contents, () => shown.update(known, contents, change));
        // Without a value there is no pixel to measure to.
        if (change.received !== null && !facts.isEmpty) receipts.add(change.received);
      }
    },
  });
  const endHeartbeat = session.client.onHeartbeat((heartbeat) => {
    const view = heartbeat.views.find((v) => v.view === facts.info?.view);
    if (view) {
      facts.progress = advance(facts.progress, view.asOf, Date.now());
      bounds.watermark = view.watermark;
      setBackfill(facts, view.filled ?? null);
    }
    catchUp();
  });
  function catchUp(): void {
    const [contents, known] = [missed, info];
    if (!paused() && contents !== null && known !== null)
      applyChange(contents, () => shown.load(known, contents));
  }
  const close = (): void => {
    subscription.close();
    endHeartbeat();
  };
  return addGetters({ data, groups, receipts, bounds, since: Date.now(), catchUp, close }, facts);
}

/** What is lacking of the history. */
function setBackfill(facts: Facts, filled: ViewContents['filled']): void {
  facts.filled = filled === null ? null : filled.done / filled.of;
  facts.fillFault = filled?.failing?.message ?? null;
}

/** Only charts choose what is drawn, and in which colours: the others show every group, in ink. */
function chartOf(panel: Panel, slots: ColorSlots): ChartTraces | null {
  if (chartKindOf(panel.kind) === null) return null;
  const palette: Palette = { claim: (keys) => slots.claim(panel.id, keys) };
  return { palette, stack: panel.stack === true };
}

function hasValue(contents: ViewContents): boolean {
  for (const { cells } of contents.series.values()) if (cells.size > 0) return true;
  return false;
}
