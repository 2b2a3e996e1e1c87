import type { Frame, FrameView, ViewContents } from '#contracts/view/frame.ts';
import type { Subscribe, SubscribeReply } from '#contracts/view/protocol.ts';
import type { ViewInfo } from '#contracts/view/view.ts';

export const VIEW = '00000000000000aa';

export const countsInfo: ViewInfo = {
  view: VIEW,
  metric: 'counts',
  version: 1,
  title: 'Counts',
  unit: '',
  better: null,
  outputs: ['count'],
  empty: 'zero',
  adds: 'windows',
  groupBy: [],
  window: 10_000,
  range: 900_000,
  pane: 1_000,
  events: ['count'],
};

/** The contents as plain data: window → value of the one series. */
export const countsOf = (contents: ViewContents): Record<number, number | null> => {
  const [series] = contents.series.values();
  return Object.fromEntries(
    [...(series?.cells ?? [])].map(([window, values]) => [window, values[0] ?? null]),
  );
};

/** What a gateway knows of the one view of `counts`. */
export interface CountState {
  offset: number;
  /** Window → value and the offset that set it. */
  cells: Map<number, { value: number; at: number }>;
}

const EPOCH = 'log-1';

/** The answer to a subscription or a resume. */
export function answerOf(state: CountState, { cursor }: Subscribe): SubscribeReply {
  const resumes = cursor != null && cursor.epoch === EPOCH && cursor.offset <= state.offset;
  const windows = [...state.cells].filter(([, cell]) => !resumes || cell.at > cursor.offset).map(([w]) => w);
  const members = [{ series: 7, group: [] }];
  const extra: Partial<FrameView> = resumes ? { members } : { members, snapshot: true };
  return { ok: true, info: countsInfo, frame: frameOf(state, resumes ? cursor.offset : 0, windows, extra) };
}

/** What changed since `from` in these windows. */
export function frameOf(
  state: CountState,
  from: number,
  windows: number[],
  extra: Partial<FrameView>,
): Frame {
  const sorted = windows.toSorted((a, b) => a - b);
  const view: FrameView = {
    view: VIEW,
    version: 1,
    received: null,
    watermark: 60_000,
    asOf: 60_000,
    start: 0,
    end: 900_000,
    windows: sorted,
    at: sorted.map((_, i) => i),
    series: sorted.map(() => 7),
    values: [sorted.map((w) => state.cells.get(w)!.value)],
    partial: [],
    ...extra,
  };
  return { epoch: EPOCH, from, to: state.offset, views: [view] };
}
