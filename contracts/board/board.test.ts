import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOARD_FIELDS, parseBoard, readStoredBoard } from './board.ts';
import { DEFAULT_LIMIT, MAX_LIMIT, PANEL_FIELDS, PANEL_KINDS } from './panel.ts';

const PANEL = {
  id: 'orders',
  kind: 'line',
  title: 'Orders',
  place: { x: 0, y: 0, w: 4, h: 3 },
  view: { metric: 'orders' },
};
const fault = (raw: unknown, id = 'shop') => {
  const read = parseBoard(id, raw);
  return read.ok ? null : read.fault;
};
const panelFault = (change: object) => fault({ title: 'Shop', panels: [{ ...PANEL, ...change }] });

describe('parseBoard', () => {
  it('completes what may be left out', () => {
    expect(parseBoard('shop', {})).toEqual({ ok: true, value: { id: 'shop', title: 'shop', panels: [] } });
    const { title: _, ...bare } = PANEL;
    expect(parseBoard('shop', { panels: [bare] })).toMatchObject({
      value: { panels: [{ title: '', outputs: [] }] },
    });
  });

  it('reads back what it gives', () => {
    const tail = { id: 'recent', kind: 'tail', place: { x: 8, y: 0, w: 4, h: 20 } };
    const first = parseBoard('shop', { title: 'Shop', panels: [{ ...PANEL, outputs: ['p99'] }, tail] });
    expect(first.ok && parseBoard('shop', first.value)).toEqual(first);
  });

  it('takes an expression in place of a metric', () => {
    const read = parseBoard('shop', { panels: [{ ...PANEL, view: { expression: 'errors / requests' } }] });
    expect(read).toMatchObject({ value: { panels: [{ view: { metric: '= errors / requests' } }] } });
    expect(read.ok && parseBoard('shop', read.value)).toEqual(read);
    expect(panelFault({ view: { metric: 'errors', expression: 'errors' } })).toMatchObject({
      field: 'panels.0.view.expression',
    });
  });

  it.each(PANEL_KINDS.filter((kind) => kind !== 'tail'))('takes a %s panel with a view', (kind) => {
    expect(panelFault({ kind })).toBeNull();
  });

  it('completes stack and limit for the kinds that have them', () => {
    const read = (more: object) => {
      const board = parseBoard('shop', { panels: [{ ...PANEL, ...more }] });
      return board.ok ? board.value.panels[0] : board.fault;
    };
    expect(read({ kind: 'area' })).toMatchObject({ stack: false });
    expect(read({ kind: 'bars', stack: true })).toMatchObject({ stack: true });
    expect(read({ kind: 'top' })).toMatchObject({ limit: DEFAULT_LIMIT });
    expect(read({ kind: 'table', limit: MAX_LIMIT })).toMatchObject({ limit: MAX_LIMIT });
    expect(read({})).not.toHaveProperty('stack');
    expect(read({})).not.toHaveProperty('limit');
  });

  it.each([
    [null, undefined],
    [[], undefined],
    [{ colour: 'red' }, 'colour'],
    [{ id: 'other' }, 'id'],
    [{ title: '' }, 'title'],
    [{ title: 'x'.repeat(201) }, 'title'],
    [{ panels: {} }, 'panels'],
    [{ panels: Array(101).fill(PANEL) }, 'panels'],
    [{ panels: [PANEL, PANEL] }, 'panels.1.id'],
    [{ panels: ['orders'] }, 'panels.0'],
    [{ panels: [PANEL, { ...PANEL, id: 'same' }] }, 'panels.1.place'],
    [
      {
        panels: [
          PANEL,
          { ...PANEL, id: 'beside', place: { x: 4, y: 0, w: 8, h: 3 } },
          { ...PANEL, id: 'inside', place: { x: 5, y: 1, w: 1, h: 1 } },
        ],
      },
      'panels.2.place',
    ],
  ])('refuses the board %j', (raw, field) => {
    expect(fault(raw)).toMatchObject({ code: 'invalid_definition' });
    expect(fault(raw)?.field).toBe(field);
  });

  it.each(['', 'Shop', '1st', 'a b', '../x', 'a'.repeat(101)])('refuses the id %j', (id) => {
    expect(fault({}, id)).toMatchObject({ code: 'invalid_definition', field: 'id' });
  });

  it.each([
    [{ id: 'No' }, 'panels.0.id'],
    [{ kind: 'pie' }, 'panels.0.kind'],
    [{ stack: true }, 'panels.0.stack'],
    [{ kind: 'area', stack: 'yes' }, 'panels.0.stack'],
    [{ limit: 5 }, 'panels.0.limit'],
    [{ kind: 'top', limit: 0 }, 'panels.0.limit'],
    [{ kind: 'top', limit: 2.5 }, 'panels.0.limit'],
    [{ kind: 'table', limit: 101 }, 'panels.0.limit'],
    [{ title: 7 }, 'panels.0.title'],
    [{ outputs: 'p99' }, 'panels.0.outputs'],
    [{ outputs: [1] }, 'panels.0.outputs'],
    [{ sparkle: true }, 'panels.0.sparkle'],
    [{ view: undefined }, 'panels.0.view'],
    [{ view: { metric: 'orders', colour: 'red' } }, 'panels.0.view'],
    [{ kind: 'tail' }, 'panels.0.view'],
    [{ place: undefined }, 'panels.0.place'],
    [{ place: { x: 9, y: 0, w: 4, h: 3 } }, 'panels.0.place'],
    [{ place: { x: 0, y: 0, w: 0, h: 3 } }, 'panels.0.place'],
    [{ place: { x: 0, y: -1, w: 4, h: 3 } }, 'panels.0.place'],
    [{ place: { x: 0.5, y: 0, w: 4, h: 3 } }, 'panels.0.place'],
    [{ place: { x: 0, y: 0, w: 4, h: 21 } }, 'panels.0.place'],
  ])('refuses the panel change %j', (change, field) => {
    expect(panelFault(change)).toMatchObject({ code: 'invalid_definition', field });
  });

  it.each([
    [() => fault({ colour: 'red' }), ['"colour"', ...BOARD_FIELDS]],
    [() => panelFault({ colour: 'red' }), ['"colour"', ...PANEL_FIELDS]],
    [() => panelFault({ place: { ...PANEL.place, z: 1 } }), ['"z"', 'x, y, w, h']],
    [() => panelFault({ view: { metric: 'orders', colour: 'red' } }), ['"colour"', 'groupBy']],
  ])('names an unknown field and those that are allowed (%#)', (refused, words) => {
    for (const word of words) expect(refused()?.message).toContain(word);
  });

  it('names both panels that overlap, and a row where none would', () => {
    const low = { ...PANEL, id: 'low', place: { x: 3, y: 2, w: 4, h: 1 } };
    const beside = { ...PANEL, id: 'beside', place: { x: 4, y: 3, w: 8, h: 3 } };
    expect(fault({ panels: [PANEL, beside, low] })?.message).toBe(
      'panels.2.place: "low" covers a part of "orders" (columns 3 to 6, rows 2 to 2 and columns 0 to 3, rows 0 to 2); with y 6 in place of 2 it covers no panel.',
    );
    const apart = { ...low, place: { ...low.place, y: 6 } };
    expect(fault({ panels: [PANEL, beside, apart] })).toBeNull();
  });

  it('refuses durations that cannot be read', () => {
    expect(panelFault({ view: { metric: 'orders', window: 'soon' } })).toMatchObject({
      field: 'panels.0.view.window',
    });
    expect(panelFault({ view: { metric: 'orders', range: 15 } })).toMatchObject({
      field: 'panels.0.view.range',
    });
  });
});

it('a stored board is shown with its bad panels in their places, and nothing else of it is lost', () => {
  const place = { x: 0, y: 0, w: 6, h: 4 };
  const good = { id: 'good', kind: 'line', place, view: { metric: 'm' } };
  const bad = { id: 'bad', kind: 'of_a_newer_version', place: { ...place, x: 6 } };
  const read = readStoredBoard('b', { title: 'B', panels: [good, bad, good, 5], more: 1 });
  if (!read.ok) throw new Error(read.fault.message);
  expect(read.value.title).toBe('B');
  expect(read.value.panels.map((panel) => [panel.id, panel.fault?.code])).toEqual([
    ['good', undefined],
    ['unreadable:1', 'invalid_definition'],
    ['unreadable:2', 'invalid_definition'],
    ['unreadable:3', 'invalid_definition'],
  ]);
  expect(read.value.panels[1]!.place).toEqual({ ...place, x: 6 });
});

it('a stored board whose panels overlap is shown with the panels apart, and each as it is', () => {
  const place = { x: 0, y: 0, w: 8, h: 3 };
  const panel = (id: string, change: object) => ({ ...PANEL, id, place: { ...place, ...change } });
  const panels = [panel('a', {}), panel('b', { x: 4, y: 1 }), panel('c', { y: 2, w: 2, h: 1 })];
  const read = readStoredBoard('b', { title: 'B', panels });
  if (!read.ok) throw new Error(read.fault.message);
  expect(read.value.panels.map(({ id, fault: wrong, place: { y } }) => [id, wrong, y])).toEqual([
    ['a', undefined, 0],
    ['b', undefined, 3],
    ['c', undefined, 3],
  ]);
});

it('any JSON is a board that can be shown, or is refused', () => {
  const panels = fc.array(
    fc.oneof(
      fc.jsonValue(),
      fc.record({ id: fc.jsonValue(), kind: fc.constant('line'), place: fc.jsonValue() }),
    ),
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ title: fc.jsonValue(), panels })), (raw) => {
      const read = readStoredBoard('b', raw);
      if (!read.ok) return;
      expect(new Set(read.value.panels.map(({ id }) => id)).size).toBe(read.value.panels.length);
    }),
  );
});
