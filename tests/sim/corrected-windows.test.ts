import { describe, expect, it } from 'vitest';
import { Audience } from './audience.ts';
import { type Core, REAL_CORE } from './core.ts';
import { runOps } from './hunt.ts';
import { EPOCH, type Op } from './ops.ts';
import { type SimView, VIEW_KINDS } from './sim-views.ts';
import type { Variant } from './variants.ts';
import { withWeakened } from './weaken.ts';

const G = 0;
const at = (p: number) => ({ p, z: 0 });
const beat = (p: number, now: number): Op[] => [
  { op: 'beat', ...at(p), now: EPOCH + now },
  { op: 'land', ...at(p) },
];
const append = (p: number, n: number, ts: number, now: number): Op[] => [
  {
    op: 'append',
    p,
    events: [{ id: null, key: null, ts: EPOCH + ts, group: 'x', n: n * 1_000_003 }],
    received: EPOCH + now,
    block: `b${n}`,
  },
  { op: 'flow', ...at(p) },
];
const save = (p: number, now: number): Op[] => [{ op: 'save', ...at(p) }, ...beat(p, now)];
const apply: Op = { op: 'live', do: 'apply', g: G, records: 100 };
const begin: Op = { op: 'live', do: 'begin', g: G };
const finish = (nth: number): Op => ({ op: 'live', do: 'finish', g: G, nth, fails: false });

/**
 * Too rare for random search: constructed by hand. Partition 0 has been idle, so it still folds events into windows that the
 * gateway has merged and that the range shows.
 */
const OPS: readonly Op[] = [
  ...append(0, 1, 4_100, 4_200),
  ...append(1, 2, 4_200, 4_300),
  ...save(0, 12_000),
  ...save(1, 12_000),
  ...save(0, 12_000),
  ...save(1, 12_000),
  { op: 'live', do: 'run', g: G },
  // A late event is committed, and its windows are being read.
  ...append(0, 3, 4_300, 12_000),
  ...save(0, 12_000),
  apply,
  apply,
  begin,
  // Another one; what is read of it may not be overwritten by the read before.
  ...append(0, 4, 4_400, 12_000),
  ...save(0, 12_000),
  apply,
  apply,
  begin,
  finish(1),
  finish(0),
];
const OVERLAPPING = VIEW_KINDS.windows[0];
const COMPARED = VIEW_KINDS.compared[0];
const run = (core: Core, view: SimView) =>
  runOps(core, OPS, { furnish: (world) => world.inhabitants.push(new Audience(world, core, [view])) });

const VARIANTS: readonly (Variant & { view: SimView })[] = [
  {
    view: OVERLAPPING,
    rule: 'all windows that hold it are read again',
    folder: 'gateway/core',
    file: 'wanted-reads.ts',
    from: 'last: Math.max(...starts) });',
    to: 'last: Math.min(...starts) });',
  },
  {
    view: OVERLAPPING,
    rule: 'a read that began earlier never overwrites a later one',
    folder: 'gateway/core',
    file: 'wanted-reads.ts',
    from: 'isMet(read.needs, committed) && !busy.has(',
    to: 'isMet(read.needs, committed) && ![].includes(',
  },
  {
    view: COMPARED,
    rule: 'the earlier range is read again',
    folder: 'gateway/core',
    file: 'apply-updates.ts',
    from: 'if (changed !== null) wanted.requestEarlier(',
    to: 'if (changed === undefined) wanted.requestEarlier(',
  },
];

describe('events that correct windows that are final', () => {
  it.each([OVERLAPPING, COMPARED])('are shown in all that hold them', (view) => {
    expect(run(REAL_CORE, view)).toBeNull();
  });

  it.each(VARIANTS)('would not be without the rule: $rule', async (variant) => {
    const fault = await withWeakened(variant, (core) => run(core, variant.view));
    expect(fault).toMatch(/shows|is \d+ at/);
  });
});
