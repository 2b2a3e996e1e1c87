import { describe, expect, it } from 'vitest';
import { Audience } from './audience.ts';
import { type Core, REAL_CORE } from './core.ts';
import { runOps } from './hunt.ts';
import { EPOCH, type Op, type SimEvent } from './ops.ts';
import { UNRECORDED_BACKFILL } from './roll-up-variants.ts';
import { CHANGING_VIEWS, SIM_VIEWS } from './sim-views.ts';
import { VERSION_OF_CONTENTS } from './switch-variants.ts';
import { withWeakened } from './weaken.ts';

/** Runs that are too rare for random search: constructed by hand, in a world that can show them. */

const event = (n: number, at: number, group = 'x'): SimEvent => ({
  id: null,
  key: null,
  ts: EPOCH + at,
  group,
  n,
});
const append = (p: number, n: number, group: string, at = 100): Op[] => [
  { op: 'append', p, events: [event(n, at, group)], received: EPOCH + 500, block: `b${n}` },
  { op: 'flow', p, z: 0 },
];
const enter = (c: number, g: number): Op[] => [
  { op: 'live', do: 'connect', c, g },
  { op: 'live', do: 'run', g },
  { op: 'live', do: 'deliver', c, how: 'all' },
];

describe('a client that comes to a gateway that is behind it', () => {
  // Clients 0 and 4 have the same view. Gateway 1 does not hear of the second event before client 0 has come.
  const ops: readonly Op[] = [
    ...enter(4, 1),
    ...enter(0, 0),
    ...append(0, 1_000_003, 'x'),
    { op: 'live', do: 'run', g: 0 },
    { op: 'live', do: 'run', g: 1 },
    { op: 'live', do: 'deliver', c: 0, how: 'all' },
    ...append(0, 2_000_006, 'y'),
    { op: 'live', do: 'run', g: 0 },
    { op: 'live', do: 'deliver', c: 0, how: 'all' },
    { op: 'live', do: 'connect', c: 0, g: 1 },
    { op: 'live', do: 'answer', g: 1, patient: false },
    { op: 'live', do: 'deliver', c: 0, how: 'all' },
  ];
  const run = (core: Core) =>
    runOps(core, ops, {
      furnish: (world) => world.inhabitants.push(new Audience(world, core, SIM_VIEWS)),
    });

  it('gets what that gateway has when waiting does not help', () => {
    expect(run(REAL_CORE)).toBeNull();
  });

  it('would keep series that the gateway numbers differently if its cursor were accepted', async () => {
    const taken = {
      rule: 'resume: a cursor ahead of the gateway gets the whole contents',
      folder: 'gateway/core/view',
      file: 'resume-view.ts',
      from: 'if (offset > here.offset) return view.snapshot();',
      to: '',
    };
    expect(await withWeakened(taken, run)).toMatch(/shows/);
  });
});

describe('a client that comes with a cursor of the old version', () => {
  // The new version counts only the first event. Gateway 0 has heard all updates, and not that another version is served.
  const ops: readonly Op[] = [
    ...enter(2, 1),
    ...enter(0, 0),
    ...append(0, 1_000_003, 'x', -1_900),
    ...append(0, 2_000_006, 'y'),
    { op: 'change', body: 1, stale: false },
    { op: 'bring', p: 0, z: 0 },
    { op: 'bring', p: 1, z: 0 },
    { op: 'serve', p: 0, z: 0 },
    { op: 'serve', p: 0, z: 0 },
    { op: 'live', do: 'run', g: 1 },
    { op: 'live', do: 'apply', g: 0, records: 100 },
    { op: 'live', do: 'begin', g: 0 },
    { op: 'live', do: 'finish', g: 0, nth: 0, fails: false },
    { op: 'live', do: 'flush', g: 0, lag: null, all: true },
    { op: 'live', do: 'deliver', c: 0, how: 'all' },
    ...enter(0, 1),
  ];
  const run = (core: Core) =>
    runOps(core, ops, {
      furnish: (world) => {
        world.change(0);
        world.inhabitants.push(new Audience(world, core, CHANGING_VIEWS));
      },
    });

  it('gets the whole contents of the new one', () => {
    expect(run(REAL_CORE)).toBeNull();
  });

  it('would keep what the new one does not count if the cursor were accepted without its version', async () => {
    const taken = {
      rule: 'resume: a cursor of another version gets the whole contents, or the client asks again',
      folder: 'gateway/core',
      file: 'view/resume-view.ts',
      from: 'version === live.version && view === live.id ? cursor : null',
      to: 'cursor',
      also: [VERSION_OF_CONTENTS],
    };
    expect(await withWeakened(taken, run)).toMatch(/shows/);
  });
});

describe('a roll-up that has read half of a back-fill and writes after its end', () => {
  const at = { p: 0, z: 0 };
  const ops: readonly Op[] = [
    ...[100, 2_100].flatMap((ts, i) => append(0, (i + 1) * 1_000_003, 'x', ts)),
    { op: 'append', p: 0, events: [event(5_000_015, 20_000)], received: EPOCH + 20_000, block: 'later' },
    { op: 'flow', ...at },
    { op: 'define', ...at },
    { op: 'flow', ...at },
    { op: 'save', ...at },
    // The first of two panes, which are in one coarse pane; then up to what the roll-up has read of it.
    { op: 'fill-step', ...at },
    ...Array.from({ length: 6 }, (): Op => ({ op: 'roll', ...at })),
    { op: 'fill', ...at },
    { op: 'save', ...at },
  ];

  it('has left its rows alone', () => {
    expect(runOps(REAL_CORE, ops)).toBeNull();
  });

  it('would replace what the back-fill has rolled up', async () => {
    expect(await withWeakened(UNRECORDED_BACKFILL, (core) => runOps(core, ops))).toMatch(/minute of m1@7 ~0/);
  });
});
