import fc from 'fast-check';
import { expect, it } from 'vitest';
import { apply, emptyContents, type FrameView, type ViewContents } from '#contracts/view/frame.ts';
import { finish } from '../core/steps.ts';
import { PreviewTable } from './preview-table.ts';

const [WINDOWS, OUTPUTS] = [8, 2];
const HEAD = { view: 'v', version: 0 };

/** Contents of windows: for each window and group the values of a cell. */
interface Evaluation {
  start: number;
  cells: { window: number; group: string; values: (number | null)[]; name: string; isBeyond: boolean }[];
  partial: number[];
}
const evaluation: fc.Arbitrary<Evaluation> = fc.record({
  start: fc.nat(WINDOWS - 1),
  cells: fc.uniqueArray(
    fc.record({
      window: fc.nat(WINDOWS - 1),
      group: fc.constantFrom('a', 'b', 'c', '__other__'),
      values: fc.tuple(fc.option(fc.nat(3)), fc.option(fc.nat(3))),
      name: fc.constantFrom('x', 'y'),
      isBeyond: fc.boolean(),
    }),
    { selector: ({ window, group }) => `${window} ${group}`, maxLength: 16 },
  ),
  partial: fc.uniqueArray(fc.nat(WINDOWS - 1)),
});
/** `within`: only these windows were evaluated; null: all of the range. `read`: whether the client gets a frame after it. */
const steps = fc.array(
  fc.record({
    evaluation,
    within: fc.option(fc.tuple(fc.nat(WINDOWS - 1), fc.nat(WINDOWS - 1))),
    read: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

/** As a view of its own would write it; series are numbered anew by each. */
function snapshotOf({ start, cells, partial }: Evaluation): FrameView {
  const shown = cells.filter(({ window }) => window >= start);
  const groups = [...new Set(shown.map(({ group }) => group))].reverse();
  const windows = Array.from({ length: WINDOWS - start }, (_, i) => start + i);
  return {
    ...HEAD,
    ...{ snapshot: true, received: null, watermark: null, asOf: 1, start, end: WINDOWS, windows },
    at: shown.map(({ window }) => window - start),
    series: shown.map(({ group }) => groups.indexOf(group)),
    values: [0, 1].map((output) => shown.map(({ values, isBeyond }) => (isBeyond ? null : values[output]!))),
    names: shown.map(({ name }) => [name]),
    overflow: shown.flatMap(({ isBeyond }, i) => (isBeyond ? [i] : [])),
    partial: partial.filter((window) => window >= start),
    members: groups.map((group, series) => ({ series, group: [group] })),
  };
}
function shownBy(contents: ViewContents) {
  const cells = [...contents.series.values()].flatMap(({ group, cells, names }) =>
    [...cells].map(([window, values]) => `${window} ${group} ${values} ${names?.get(window)}`),
  );
  return { cells: cells.sort(), partial: [...contents.partial].sort(), start: contents.start };
}
function give(contents: ViewContents, change: FrameView, from: number, to: number): string {
  return apply(contents, { epoch: 'e', from, to, views: [change] }, change);
}

it('frames lead to what the last evaluations show, whatever part of the range they are of', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const table = new PreviewTable(HEAD, { outputs: OUTPUTS, keepsTotal: false });
      const [client, model] = [emptyContents(), emptyContents()];
      let cursor = -1;
      let [offset, start] = [0, 0];
      const read = () => {
        const isFirst = cursor < 0;
        const change = finish(table.since(isFirst ? -2 : cursor, isFirst));
        const outcome = give(client, isFirst ? { ...change, snapshot: true } : change, cursor, offset);
        expect(outcome).toBe('applied');
        cursor = offset;
      };
      for (const { evaluation: next, within, read: isRead } of all) {
        offset += 1;
        // A range moves on, and never back.
        if (within === null) start = Math.max(start, next.start);
        const contents = snapshotOf({ ...next, start });
        if (within === null) {
          finish(table.replaceAll(contents, offset));
          give(model, contents, -1, offset);
        } else {
          const [first, last] = [Math.min(...within), Math.max(...within)];
          finish(table.replace(contents, { first, last }, offset));
          replaceIn(model, contents, { first, last });
        }
        if (isRead) read();
      }
      offset += 1;
      read();
      expect(shownBy(client)).toEqual(shownBy(model));
      const late = emptyContents();
      give(late, { ...finish(table.since(-2, true)), snapshot: true }, -1, offset);
      expect(shownBy(late)).toEqual(shownBy(model));
      expect(table.count).toBe(shownBy(model).cells.length);
    }),
    { numRuns: 2_000 },
  );
});

/** The model of a part: the windows of it are those of the evaluation, all others stay. */
function replaceIn(
  model: ViewContents,
  contents: FrameView,
  { first, last }: { first: number; last: number },
): void {
  const found = emptyContents();
  give(found, contents, -1, 0);
  const isIn = (window: number) => window >= first && window <= last;
  const byGroup = new Map([...model.series.values()].map((series) => [series.group.join(), series]));
  for (const { cells } of byGroup.values())
    for (const window of [...cells.keys()]) if (isIn(window)) cells.delete(window);
  for (const { group, cells, names } of found.series.values())
    for (const [window, values] of cells) {
      if (!isIn(window)) continue;
      const series = byGroup.get(group.join()) ?? { group, cells: new Map(), names: new Map() };
      byGroup.set(group.join(), series);
      series.cells.set(window, values);
      series.names ??= new Map();
      series.names.set(window, names?.get(window) ?? []);
    }
  model.series = new Map([...byGroup.values()].map((series, i) => [i, series]));
  model.partial = new Set([
    ...[...model.partial].filter((window) => !isIn(window)),
    ...[...found.partial].filter(isIn),
  ]);
}

it('carries an earlier range, the ranked groups and the bounds of a calendar where they have changed', () => {
  const table = new PreviewTable(HEAD, { outputs: OUTPUTS, keepsTotal: true });
  const total = { members: [{ series: 0, group: [] }] };
  const empty = { ...snapshotOf({ start: 0, cells: [], partial: [] }), ...total };
  const compare = { ...empty, windows: [0], at: [0], series: [0], values: [[1], [2]] };
  finish(table.replaceAll({ ...empty, compare, groups: 7, bounds: [0, 3, WINDOWS] }, 1));
  expect(finish(table.since(-2, true))).toMatchObject({
    ...{ groups: 7, bounds: [0, 3, WINDOWS], members: [{ group: [] }] },
    compare: { at: [0], values: [[1], [2]] },
  });
  const later = finish(table.since(1, false));
  expect(later).not.toHaveProperty('groups');
  expect(later).not.toHaveProperty('bounds');
  expect(later).not.toHaveProperty('members');
  expect(later.compare).toMatchObject({ at: [] });
  finish(
    table.replaceAll(
      { ...empty, compare: { ...compare, values: [[1], [3]] }, groups: 8, bounds: [0, 3, 9] },
      2,
    ),
  );
  expect(table.changedAt).toBe(2);
  expect(finish(table.since(1, false))).toMatchObject({
    ...{ groups: 8, bounds: [0, 3, 9] },
    compare: { at: [0], values: [[1], [3]] },
  });
});
