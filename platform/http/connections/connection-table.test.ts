import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONNECTION_STATES, type ConnectionState, ConnectionTable } from './connection-table.ts';

const DEADLINES = { idle: 50, request: 100, upgrade: 10, websocket: null, closing: 20 };
type Named = { name: number };

describe('a table of connections', () => {
  it('lists those whose time in their state is over, the oldest first', () => {
    const table = new ConnectionTable<Named>(DEADLINES);
    const [a, b, c] = [{ name: 1 }, { name: 2 }, { name: 3 }];
    for (const [at, one] of [a, b, c].entries()) table.add(one, 'idle', at);
    table.move(a, 'idle', 10);
    expect([...table.expired(49)]).toEqual([]);
    expect([...table.expired(52)].map(([{ name }]) => name)).toEqual([2, 3]);
    expect([...table.expired(60)].map(([{ name }]) => name)).toEqual([2, 3, 1]);
  });

  it('never moves one out of closing', () => {
    const table = new ConnectionTable<Named>(DEADLINES);
    const one = { name: 1 };
    table.add(one, 'closing', 0);
    table.move(one, 'websocket', 10);
    expect([...table.expired(20)]).toEqual([[one, 'closing']]);
  });

  it('visits only those whose time is over', () => {
    const table = new ConnectionTable<Named>(DEADLINES);
    for (let i = 0; i < 10_000; i++) table.add({ name: i }, 'idle', i);
    const seen = table.expired(51);
    let steps = 0;
    while (!seen.next().done) steps++;
    expect(steps).toBe(2);
  });

  it('lists the slowest readers until what is left unread is within the bound', () => {
    const table = new ConnectionTable<Named>(DEADLINES);
    const all = [1, 2, 3].map((name) => ({ name }));
    for (const one of all) table.add(one, 'request', 0);
    for (const one of all) table.owe(one, 100);
    table.owe(all[0]!, -50);
    const cut: number[] = [];
    for (const one of table.slowestReaders(60)) {
      cut.push(one.name);
      table.remove(one);
    }
    expect(cut).toEqual([2, 3]);
    expect(table.unread).toBe(50);
  });

  it('counts every connection once, whatever happens to it', () => {
    type Step = { to: ConnectionState | 'gone' | 'owe' | 'read'; which: number };
    const step: fc.Arbitrary<Step> = fc.record({
      to: fc.constantFrom(...CONNECTION_STATES, 'gone' as const, 'owe' as const, 'read' as const),
      which: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const table = new ConnectionTable<Named>(DEADLINES);
        const known = Array.from({ length: 10 }, (_, name) => ({ name }));
        const open = new Map<Named, number>();
        for (const [at, { to, which }] of steps.entries()) {
          const one = known[which]!;
          const owed = open.get(one);
          if (to === 'gone') {
            table.remove(one);
            open.delete(one);
          } else if (to === 'owe' || to === 'read') {
            if (owed === undefined) continue;
            const bytes = to === 'owe' ? 10 : -owed;
            table.owe(one, bytes);
            open.set(one, owed + bytes);
          } else if (owed === undefined) {
            table.add(one, to, at);
            open.set(one, 0);
          } else table.move(one, to, at);
        }
        const counts = CONNECTION_STATES.map((state) => table.count(state));
        expect(counts.reduce((sum, n) => sum + n, 0)).toBe(open.size);
        expect(table.size).toBe(open.size);
        expect(table.unread).toBe([...open.values()].reduce((sum, n) => sum + n, 0));
        const mortal = [...open.keys()].filter((one) => table.stateOf(one) !== 'websocket');
        expect([...table.expired(1_000)].map(([one]) => one)).toHaveLength(mortal.length);
      }),
    );
  });
});
