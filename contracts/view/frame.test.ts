import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupKey } from '../metric/dimension.ts';
import { apply, emptyContents, type Frame, type FrameView, type ViewContents } from './frame.ts';

const EPOCH = 'e1';
const STEP = 10;

function change(extra: Partial<FrameView>): FrameView {
  const head = { view: 'v', version: 1, received: null, watermark: null, asOf: null, start: 0, end: 100 };
  return { ...head, windows: [], at: [], series: [], values: [[]], partial: [], ...extra };
}
const frame = (from: number, to: number, extra: Partial<FrameView> = {}): Frame => ({
  epoch: EPOCH,
  from,
  to,
  views: [change(extra)],
});
const give = (contents: ViewContents, f: Frame) => apply(contents, f, f.views[0]!);
const cell = (window: number, series: number, value: number | null): Partial<FrameView> => ({
  windows: [window],
  at: [0],
  series: [series],
  values: [[value]],
});
const DE = { series: 0, group: ['DE'] };
const FR = { series: 1, group: ['FR'] };

function started(): ViewContents {
  const contents = emptyContents();
  give(contents, frame(0, 10, { snapshot: true, members: [DE, FR], ...cell(0, 0, 5) }));
  return contents;
}
const cells = (contents: ViewContents) =>
  Object.fromEntries([...contents.series.values()].map((s) => [s.group[0], Object.fromEntries(s.cells)]));

describe('apply', () => {
  it('is behind without a snapshot, in another epoch, at another version, and across a gap', () => {
    expect(give(emptyContents(), frame(0, 1))).toBe('behind');
    const contents = started();
    expect(give(contents, { ...frame(10, 11), epoch: 'e2' })).toBe('behind');
    expect(give(contents, frame(10, 11, { version: 2 }))).toBe('behind');
    expect(give(contents, frame(11, 12, cell(0, 0, 9)))).toBe('behind');
    expect(contents).toEqual(started());
  });

  it('ignores what the contents already hold', () => {
    const contents = started();
    expect(give(contents, frame(0, 10, cell(0, 0, 9)))).toBe('ignored');
    expect(give(contents, frame(0, 9, { members: [DE], ...cell(0, 0, 9) }))).toBe('ignored');
    expect(contents).toEqual(started());
  });

  it('applies a frame that begins below the cursor and ends above it', () => {
    const contents = started();
    expect(give(contents, frame(3, 11, cell(STEP, 1, 2)))).toBe('applied');
    expect(contents.cursor).toEqual({ epoch: EPOCH, offset: 11 });
    expect(cells(contents)).toEqual({ DE: { 0: [5] }, FR: { 10: [2] } });
  });

  it('keeps the names of cells beside them: as long as the cells, whatever the numbers of series', () => {
    const contents = started();
    const named = (window: number, value: number | null, names: string[]) => ({
      ...cell(window, 0, value),
      names: [names],
    });
    const namesOf = () =>
      Object.fromEntries(
        [...contents.series.values()].map((s) => [s.group[0], Object.fromEntries(s.names ?? [])]),
      );
    give(contents, frame(10, 11, named(0, 5, ['a', 'b'])));
    give(contents, frame(11, 12, named(STEP, 4, ['b'])));
    expect(namesOf()).toEqual({ DE: { 0: ['a', 'b'], 10: ['b'] }, FR: {} });
    give(
      contents,
      frame(12, 13, {
        members: [
          { series: 0, group: ['FR'] },
          { series: 1, group: ['DE'] },
        ],
      }),
    );
    expect(namesOf()).toEqual({ DE: { 0: ['a', 'b'], 10: ['b'] }, FR: {} });
    give(contents, frame(13, 14, { members: [DE, FR], ...named(STEP, null, []) }));
    expect(namesOf()).toEqual({ DE: { 0: ['a', 'b'] }, FR: {} });
    give(contents, frame(14, 15, { start: STEP }));
    expect(namesOf()).toEqual({ DE: {}, FR: {} });
  });

  it('takes the numbers of another gateway, even when nothing else is new', () => {
    const contents = started();
    const members = [
      { series: 0, group: ['FR'] },
      { series: 7, group: ['DE'] },
    ];
    expect(give(contents, frame(10, 10, { members }))).toBe('applied');
    expect(cells(contents)).toEqual({ DE: { 0: [5] }, FR: {} });
    give(contents, frame(10, 11, cell(0, 7, 6)));
    expect(cells(contents)).toEqual({ DE: { 0: [6] }, FR: {} });
  });

  it('keeps a cell whose value is beyond every double, unlike a cell that is gone', () => {
    const contents = started();
    const beyond = { ...cell(STEP, 1, null), overflow: [0] };
    give(contents, frame(10, 11, beyond));
    expect(cells(contents).FR).toEqual({ [STEP]: [null] });
    give(contents, frame(11, 12, cell(STEP, 1, null)));
    expect(cells(contents).FR).toEqual({});
  });

  it('drops a series that is no member, a cell without any value, and what the range has left', () => {
    const contents = started();
    give(contents, frame(10, 11, { ...cell(STEP, 1, 2), partial: [STEP] }));
    give(contents, frame(11, 12, { members: [FR] }));
    expect(cells(contents)).toEqual({ FR: { 10: [2] } });
    expect(contents.partial).toEqual(new Set([STEP]));
    give(contents, frame(12, 13, { start: 20, end: 120 }));
    expect(cells(contents)).toEqual({ FR: {} });
    expect(contents.partial).toEqual(new Set());
    give(contents, frame(13, 14, { start: 20, end: 120, ...cell(30, 1, 4) }));
    give(contents, frame(14, 15, { start: 20, end: 120, ...cell(30, 1, null) }));
    expect(cells(contents)).toEqual({ FR: {} });
  });

  it('lifts a partial mark when the window comes without it', () => {
    const contents = started();
    give(contents, frame(10, 11, { ...cell(0, 0, 5), partial: [0] }));
    give(contents, frame(11, 12, cell(0, 0, 6)));
    expect(contents.partial).toEqual(new Set());
  });

  it('replaces everything by a snapshot, also one with a lower cursor or an earlier range', () => {
    const contents = started();
    give(contents, frame(10, 30, { start: 50, end: 150, ...cell(60, 0, 1) }));
    const again = frame(0, 12, { snapshot: true, version: 4, members: [FR], ...cell(0, 1, 8) });
    expect(give(contents, again)).toBe('applied');
    expect(contents).toMatchObject({ cursor: { offset: 12 }, version: 4, start: 0, end: 100 });
    expect(cells(contents)).toEqual({ FR: { 0: [8] } });
  });
});

/** A gateway that remembers, for every cell, the offset that last changed it. */
type Write = { window: number; group: string; value: number | null };
const writes = fc.array(
  fc.record({
    window: fc.integer({ min: 0, max: 5 }).map((i) => i * STEP),
    group: fc.constantFrom('a', 'b', 'c'),
    value: fc.option(fc.integer({ min: 0, max: 9 })),
  }),
  { minLength: 1, maxLength: 30 },
);

/** What changed in (from, to], as one frame of a gateway that numbers groups in its own order. */
function since(all: readonly Write[], from: number, to: number, order: string[], snapshot = false): Frame {
  const last = new Map<string, Write & { at: number }>();
  for (const [i, write] of all.slice(0, to).entries()) {
    last.set(groupKey([String(write.window), write.group]), { ...write, at: i + 1 });
  }
  const changed = [...last.values()].filter((w) => w.at > from && !(snapshot && w.value === null));
  const windows = [...new Set(changed.map((w) => w.window))].sort((a, b) => a - b);
  return frame(from, to, {
    ...(snapshot ? { snapshot: true } : {}),
    members: order.map((group, series) => ({ series, group: [group] })),
    windows,
    at: changed.map((w) => windows.indexOf(w.window)),
    series: changed.map((w) => order.indexOf(w.group)),
    values: [changed.map((w) => w.value)],
  });
}

describe('apply, as a law', () => {
  const orders = fc.shuffledSubarray(['a', 'b', 'c'], { minLength: 3, maxLength: 3 });
  const cuts = fc.array(fc.tuple(fc.nat(30), fc.nat(8), orders), { maxLength: 12 });

  it('snapshot and any frames that join on = a later snapshot', () => {
    fc.assert(
      fc.property(writes, cuts, orders, (all, steps, order) => {
        const contents = emptyContents();
        give(contents, since(all, 0, 0, order, true));
        const plan = [...steps, [all.length, 0, order] as const];
        for (const [to, overlap, numbering] of plan) {
          const cursor = contents.cursor!.offset;
          const end = Math.min(to, all.length);
          give(contents, since(all, Math.max(0, Math.min(cursor, end) - overlap), end, [...numbering]));
        }
        const later = emptyContents();
        give(later, since(all, 0, all.length, order, true));
        expect(cells(contents)).toEqual(cells(later));
        expect(contents.cursor).toEqual(later.cursor);
      }),
    );
  });

  it('applying a frame twice is applying it once', () => {
    fc.assert(
      fc.property(writes, fc.nat(30), orders, (all, to, order) => {
        const end = Math.min(to, all.length);
        const [once, twice] = [emptyContents(), emptyContents()];
        const first = since(all, 0, end, order, true);
        const next = since(all, end, all.length, order);
        for (const f of [first, next]) give(once, f);
        for (const f of [first, next, next]) give(twice, f);
        expect(twice).toEqual(once);
      }),
    );
  });
});
