import type { Client, ConnectionStatus, Heartbeat, ViewListener, ViewSubscription } from '#client/types.ts';
import type { Warning } from '#contracts/log/system-record.ts';
import { emptyContents, type FrameView, type ViewContents } from '#contracts/view/frame.ts';
import type { Tail, TailRow } from '#contracts/view/protocol.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { archiveRow } from './fake-archive.ts';
import { cell, fill, fillBefore, isHole, LAG, metricOf, restAt, setTimes, type View } from './fake-cells.ts';
import { createRandom, EVENTS } from './fake-data.ts';
import {
  answerAfter,
  type FakeMode,
  isRedefined,
  refusalOf,
  SHOWN_FIRST,
  STOPPED_LINKS,
} from './fake-mode.ts';
import { describeFake, resolveFake, spansOf, windowsNow } from './fake-ranges.ts';

const TICK = 250;
/** In the modes that stop: ms after the page was opened, or for data that becomes old, after its last listener was added. */
const STOPS_AFTER = 1_500;

/** A client over seeded data, for looking at the page. It follows the same contract as the real one. */
export function createFakeClient(mode: FakeMode): Client {
  const views = new Set<View>();
  const beats = new Set<(beat: Heartbeat) => void>();
  const links = new Set<(link: ConnectionStatus) => void>();
  const tails = new Set<(tail: Tail) => void>();
  /** How many views of a metric were asked for. */
  const asked = new Map<string, number>();
  const opened = Date.now();
  let listening = opened;
  const stops = mode === 'stale' || mode in STOPPED_LINKS;
  const stopped = (): boolean => stops && Date.now() - (mode === 'stale' ? listening : opened) > STOPS_AFTER;
  const link: ConnectionStatus = {
    state: 'live',
    transport: mode === 'polling' ? 'polling' : 'websocket',
    roundTrip: 38,
    attempt: 0,
    nextTryAt: null,
    lastMessageAt: opened,
    refusal: null,
  };
  const random = createRandom(7);
  let offset = 1;

  setInterval(() => {
    if (stopped()) {
      if (mode in STOPPED_LINKS && link.state === 'live') {
        Object.assign(link, STOPPED_LINKS[mode]!(Date.now()));
        for (const tell of links) tell(link);
      }
      return;
    }
    for (const view of views) {
      if (isRedefined(mode, Date.now() - opened) && view.info.version === 1) redefine(view, mode);
      else advance(view, mode, offset++);
    }
    if (isRedefined(mode, Date.now() - opened)) document.documentElement.dataset.redefined = '';
    for (const tell of tails) tell(tailOf(random));
  }, TICK);
  setInterval(() => {
    if (stopped()) return;
    const now = Date.now();
    const filled = mode === 'filling' ? { filled: { done: 5, of: 8 } } : {};
    const facts = [...views].map((v, i) => {
      const asOf = mode === 'partly-stale' && i === 0 ? opened - 10_000 : now;
      return { view: v.id, asOf, watermark: now - LAG, ...filled };
    });
    for (const tell of beats) tell({ time: now, offset, views: facts, status: statusOf(mode) });
  }, 1_000);

  const onConnectionChange: Client['onConnectionChange'] = (listener) => addTo(links, listener);
  const onHeartbeat: Client['onHeartbeat'] = (listener) => {
    listening = Date.now();
    return addTo(beats, listener);
  };
  return {
    connection: link,
    link,
    onConnectionChange,
    onLink: onConnectionChange,
    onHeartbeat,
    onBeat: onHeartbeat,
    subscribe: (request, listener) => {
      if (request.definition !== undefined) throw new TypeError('The pages of the gallery have no previews.');
      const nth = (asked.get(request.metric) ?? 0) + 1;
      asked.set(request.metric, nth);
      const wait = answerAfter(mode, nth);
      return subscribe({ views, mode, wait }, request, listener);
    },
    tail: (listener) => addTo(tails, listener),
    track: async () => {},
    setKey() {},
    waiting: 0,
    dropped: 0,
    now: () => Date.now(),
    close: async () => {},
  };
}

function addTo<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function subscribe(
  { views, mode, wait }: { views: Set<View>; mode: FakeMode; wait: number },
  request: ViewRequest,
  listener: ViewListener,
): ViewSubscription {
  const view = open(request, listener);
  setTimeout(() => {
    if (mode === 'waiting') return;
    const refusal = refusalOf(mode, request.metric);
    const isLater = SHOWN_FIRST.has(mode) || (mode === 'refused' && request.metric === 'checkout_latency');
    if (refusal !== null && !isLater) return listener.onRefused?.(refusal);
    listener.onInfo?.(view.info);
    fill(view, mode);
    listener.onChange(view.contents, null);
    if (refusal === null) views.add(view);
    else listener.onRefused?.(refusal);
  }, wait);
  return { close: () => void views.delete(view) };
}

/** The same view of a metric that has another unit. */
function redefine(view: View, mode: FakeMode): void {
  view.info = { ...view.info, version: 2, unit: 'kg' };
  view.listener.onInfo?.(view.info);
  fill(view, mode);
  view.listener.onChange(view.contents, null);
}

function open(request: ViewRequest, listener: ViewListener): View {
  const metric = metricOf(request);
  const asked = resolveFake(request, metric);
  const id = JSON.stringify(request);
  const events = request.metric === 'refunds' ? ['refund_issued'] : [request.metric];
  const info: ViewInfo = {
    view: id,
    metric: request.metric,
    version: 1,
    title: request.metric,
    unit: metric.unit,
    better: metric.better,
    outputs: metric.outputs,
    empty: metric.empty,
    adds: metric.adds ?? (metric.empty === 'zero' ? 'windows' : 'nothing'),
    groupBy: metric.groupBy ?? [],
    ...describeFake(asked),
    ...(asked.compare === null ? {} : { compare: true as const }),
    ...(asked.top === null ? {} : { top: asked.top }),
    pane: 1_000,
    events,
  };
  return { id, request, asked, listener, info, contents: emptyContents(), opened: Date.now() };
}

function advance(view: View, mode: string, offset: number): void {
  const { contents, info, listener } = view;
  const begins = mode === 'first' && contents.series.size === 0 && Date.now() - view.opened > STOPS_AFTER;
  if (begins) contents.series.set(0, { group: [], cells: new Map() });
  const times = windowsNow(view.asked, Date.now());
  setTimes(view, mode, times);
  if (contents.compare !== null) fillBefore(view, mode, times);
  const newest = spansOf(times.now).slice(-2);
  const spans = newest.filter(({ start }) => !isHole(mode, view, start) && start <= Date.now());
  const change: FrameView = {
    view: view.id,
    version: 1,
    received: Date.now() - 60 - (offset % 17) * 12,
    watermark: contents.watermark,
    asOf: contents.asOf,
    begins: contents.begins,
    start: contents.start,
    end: contents.end,
    windows: spans.map(({ start }) => start),
    at: [],
    series: [],
    values: info.outputs.map(() => []),
    partial: [],
    ...(begins ? { members: [{ series: 0, group: [] }] } : {}),
    ...(contents.compare === null ? {} : { compare: changeOf(view.id, contents.compare) }),
  };
  for (const [g, { cells, rest }] of contents.series) {
    spans.forEach((span, at) => {
      const values = rest ? restAt(view, span) : cell(view, g, span);
      if (values === null) return;
      cells.set(span.start, values);
      change.at.push(at);
      change.series.push(g);
      values.forEach((v, i) => {
        change.values[i]!.push(v);
      });
    });
  }
  listener.onChange(contents, change);
}

/** All of the newest windows of the earlier range, as what changed in it. */
function changeOf(view: string, contents: ViewContents): FrameView {
  const { watermark, asOf, begins, start, end, series } = contents;
  const newest = Math.max(...[...series.values()].flatMap(({ cells }) => [...cells.keys()]));
  const cells = [...series].flatMap(([number, one]) => {
    const values = one.cells.get(newest);
    return values === undefined ? [] : [{ number, values }];
  });
  return {
    ...{ view, version: 1, received: null, watermark, asOf, begins, start, end, partial: [] },
    windows: [newest],
    at: cells.map(() => 0),
    series: cells.map(({ number }) => number),
    values: (cells[0]?.values ?? []).map((_, output) => cells.map(({ values }) => values[output] ?? null)),
  };
}

function tailOf(random: () => number): Tail {
  const count = Math.floor(random() * 2.4);
  const rows: TailRow[] = Array.from({ length: count }, () => {
    const [event, text] = EVENTS[Math.floor(random() * EVENTS.length)]!;
    const properties = text.split('  ').map((pair): [string, string] => {
      const [name, ...value] = pair.split(' ');
      return [name!, value.join(' ')];
    });
    return archiveRow({ time: Date.now() - Math.floor(random() * 200), event, text, properties });
  });
  if (random() < 0.03)
    rows.push({
      time: Date.now(),
      event: '400 wrong_type',
      text: '',
      rejected: { code: 'wrong_type', message: 'amount: expected a number, got text.' },
    });
  return { rows, skipped: rows.length * 63 };
}

const WARNINGS: Warning[] = [
  { code: 'clock_set_back', message: 'The clock was set back by 1 h.', since: 0 },
  {
    code: 'disk_full',
    message:
      'The disk of the data folder is full: events are refused until 500 MB are free. Make room, or lower MILLRACE_ARCHIVE_RETENTION.',
    since: 0,
  },
];

const statusOf = (mode: string): Heartbeat['status'] => ({
  ingestRate: mode === 'empty' ? 0 : 1_204,
  rejectedRate: mode === 'empty' ? 0 : 3,
  lag: 2,
  watermark: Date.now() - (mode === 'behind' ? 600_000 : LAG),
  lateShare: 0.0002,
  viewers: 14,
  events: mode === 'empty' ? 0 : 1_083_600,
  ...(mode === 'warned' ? { warnings: WARNINGS } : {}),
});
