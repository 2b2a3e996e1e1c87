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
import { earlierLabelOf } from '../../range/compare-label.ts';
import type { PageRange } from '../../range/page-range.ts';
import { followFigure } from './follow-figure.svelte.ts';
import { createGroupFigures, type GroupFigures } from './group-figures.ts';
import type { RangeFigure } from './range-figure.ts';
import { createReceipts, type Receipts } from './receipts.ts';
import { type Advance, advance } from './staleness.ts';

/** One panel's view: its points outside reactivity, and the few facts for labels inside. */
export interface Feed {
  /** What charts and stats draw; stays empty for the kinds that list groups. */
  readonly data: TraceData;
  /** What the kinds that list groups show; null for the others. */
  readonly groups: GroupFigures | null;
  /** What a stat shows: one value over the range; null for the others, and before it is known. */
  readonly figure: RangeFigure | null;
  /** Whether all that the panel shows is known. */
  readonly ready: boolean;
  readonly receipts: Receipts;
  readonly info: ViewInfo | null;
  readonly refusal: Refusal | null;
  /** Share of the history that is in, 0 to 1; null when all of it is. */
  readonly filled: number | null;
  /** Why the rest cannot be filled in so far; null where there is no fault. */
  readonly fillFault: string | null;
  /** Whether the range holds no value at all. */
  readonly isEmpty: boolean;
  /** The time that is shown as of now, epoch ms; it changes with each call where the range moves. */
  times(): { from: number; to: number };
  /** Where the view and its history begin, and until when events are counted in it, epoch ms; for labels. */
  readonly bounds: { start: number; begins: number | null; watermark: number | null };
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
  range: PageRange;
  request: ViewRequest;
  /** Of a stat: what it asks for its figure. */
  figure: ViewRequest | null;
  session: Session;
  slots: ColorSlots;
  hidden?: readonly string[] | undefined;
}

interface Facts {
  filled: number | null;
  fillFault: string | null;
  info: ViewInfo | null;
  refused: Refusal | null;
  isEmpty: boolean;
  progress: Advance;
  revision: number;
}

/** Before anything came. */
const NOTHING: Omit<Facts, 'progress'> = {
  filled: null,
  fillFault: null,
  info: null,
  refused: null,
  isEmpty: true,
  revision: 0,
};

export function createFeed(options: FeedOptions): Feed {
  const { panel, range, request, figure: asked, session } = options;
  const groups = panel.kind === 'top' || panel.kind === 'table' ? createGroupFigures(panel.outputs) : null;
  const data = createTraceData(panel.outputs, chartOf(options), earlierLabelOf(panel.view ?? {}, range));
  const shown = groups ?? data;
  const facts = $state<Facts>({ ...NOTHING, progress: { asOf: null, since: Date.now() } });
  const receipts = createReceipts();
  const held = (): boolean => session.held !== null;
  /** The definition as it came: the one in `facts` is a proxy, too slow for every cell. */
  let info: ViewInfo | null = null;
  const bounds = { start: 0, begins: null as number | null, watermark: null as number | null };
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

  // Before the line: it is what a reader looks for first.
  const figure = asked === null ? null : followFigure(asked, panel.outputs, session);
  const subscription = session.client.subscribe(request, {
    onInfo(next) {
      info = next;
      if (facts.revision === 0) publishInfo();
      facts.refused = null;
    },
    onRefused(refusal) {
      facts.refused = refusal;
    },
    onChange(contents, change) {
      const known = info;
      if (known === null) return;
      setBackfill(facts, contents.filled);
      facts.refused = null;
      facts.progress = advance(facts.progress, contents.asOf, Date.now());
      const { start, begins, watermark } = contents;
      Object.assign(bounds, { start, begins, watermark });
      if (held() && facts.revision > 0) missed = contents;
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
    if (!held() && contents !== null && known !== null)
      applyChange(contents, () => shown.load(known, contents));
  }
  const feed = {
    ...{ data, groups, receipts, bounds, since: Date.now() },
    get figure() {
      return figure?.figure ?? null;
    },
    get ready() {
      return facts.revision > 0 && (figure === null || figure.figure !== null);
    },
    /** A stat is refused with either of its views. */
    get refusal() {
      return facts.refused ?? figure?.refusal ?? null;
    },
    times: () => timesShown(range, { start: bounds.start, info, now: session.held ?? session.client.now() }),
    catchUp() {
      catchUp();
      figure?.catchUp();
    },
    close() {
      subscription.close();
      endHeartbeat();
      figure?.close();
    },
  };
  return addGetters(feed, facts);
}

/**
 * Returns the time that a range shows at `now`. A period so far ends with a whole window: were it to grow with each frame, all of
 * the picture would have to be drawn again.
 */
function timesShown(
  range: PageRange,
  { start, info, now }: { start: number; info: ViewInfo | null; now: number },
): { from: number; to: number } {
  if (range.kind === 'between') return { from: range.from, to: range.to };
  if (range.kind === 'last') return { from: now - range.ms, to: now };
  const step = Math.max(1_000, info?.every ?? info?.window ?? 0);
  return { from: start, to: start + Math.max(1, Math.ceil((now - start) / step)) * step };
}

/** What is lacking of the history. */
function setBackfill(facts: Facts, filled: ViewContents['filled']): void {
  facts.filled = filled === null ? null : filled.done / filled.of;
  facts.fillFault = filled?.failing?.message ?? null;
}

/** Only charts choose what is drawn, and in which colours: the others show every group, in ink. */
function chartOf({ panel, slots, hidden = [] }: FeedOptions): ChartTraces | null {
  if (chartKindOf(panel.kind) === null) return null;
  const palette: Palette = { claim: (keys) => slots.claim(panel.id, keys) };
  return { palette, stack: panel.stack === true, hidden: new Set(hidden) };
}

function hasValue(contents: ViewContents): boolean {
  for (const { cells } of contents.series.values()) if (cells.size > 0) return true;
  return false;
}
