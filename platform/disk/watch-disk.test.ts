import { describe, expect, it } from 'vitest';
import type { MillraceError } from '#contracts/errors.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { createWarnings } from '#platform/process/reporting/warnings.ts';
import { createGrowth, type DiskGuard, openDiskGuard } from './disk-guard.ts';
import { formatBytes } from './space.ts';
import { watchDisk } from './watch-disk.ts';

const poll = (check: () => unknown) => expect.poll(check, { timeout: 10_000, interval: 5 });
const open = (owner: string, measure: () => Promise<{ total: number; free: number }>): Promise<DiskGuard> =>
  openDiskGuard({ owner, folder: '/nowhere', floor: 1e9, floorShare: 5, measure, every: 5 });

describe('the guard of a disk', () => {
  it('takes the smaller of floor and share, and keeps a distance before it takes more', async () => {
    let free = 100e6;
    const guard = await open('Log', async () => ({ total: 200e6, free }));
    expect(guard.figures().floor).toBe(10e6);
    guard.check('events');
    free = 9.9e6;
    await poll(() => guard.fault('events')?.code).toBe('disk_full');
    expect(guard.fault('internal')).toBeNull();
    free = 10.5e6;
    await poll(() => guard.figures().free).toBe(free);
    expect(guard.fault('events')?.code).toBe('disk_full');
    free = 11e6;
    await poll(() => guard.fault('events')).toBeNull();
    guard.close();
  });

  it('admits no more than leaves the floor, and says so until there is room for it', async () => {
    let free = 15e6;
    const guard = await open('Log', async () => ({ total: 200e6, free }));
    await guard.ensureRoom(5e6, 'events');
    await expect(guard.ensureRoom(6e6, 'events')).rejects.toMatchObject({ code: 'disk_full' });
    await guard.ensureRoom(6e6, 'internal');
    expect(() => guard.check('events')).toThrow(
      /The disk of the Log is full: 15\.0 MB of 200 MB are free, and 16\.0 MB/,
    );
    free = 16e6;
    await poll(() => guard.fault('events')).toBeNull();
    guard.close();
  });

  it('says where room is asked for that the file system does not answer, and not after its next look', async () => {
    let fails = false;
    const guard = await openDiskGuard({
      ...{ folder: 'anywhere', owner: 'Log', floor: 10e6, floorShare: 5, every: 3_600_000 },
      measure: async () => {
        if (fails) throw new Error('ENOENT');
        return { total: 200e6, free: 100e6 };
      },
    });
    await guard.ensureRoom(1, 'internal');
    fails = true;
    await expect(guard.ensureRoom(1, 'internal')).rejects.toMatchObject({ code: 'data_folder_lost' });
    expect(guard.consumeRefusal()?.code).toBe('data_folder_lost');
    fails = false;
    await guard.ensureRoom(1, 'internal');
    guard.close();
  });

  it('keeps a refusal until it is reported, however short its reason lasted', async () => {
    let free = 9e6;
    const guard = await open('Log', async () => ({ total: 200e6, free }));
    expect(guard.consumeRefusal()).toBeNull();
    expect(() => guard.check('events')).toThrow();
    free = 100e6;
    await poll(() => guard.fault('events')).toBeNull();
    expect(guard.consumeRefusal()?.code).toBe('disk_full');
    expect(guard.consumeRefusal()).toBeNull();
    guard.close();
  });

  it('refuses everything while the file system does not answer', async () => {
    let fails = false;
    const guard = await open('Log', async () => {
      if (fails) throw new Error('EIO');
      return { total: 1e12, free: 1e12 };
    });
    fails = true;
    await poll(() => guard.fault('upkeep')?.code).toBe('data_folder_lost');
    fails = false;
    await poll(() => guard.fault('events')).toBeNull();
    guard.close();
  });
});

describe('what is reported of the disks', () => {
  const logger = createLogger('silent', 'test');
  const fixed = (
    owner: string,
    free: number,
    fault: string | null = null,
    secondsLeft: number | null = null,
  ): DiskGuard => ({
    owner,
    check: () => {},
    ensureRoom: async () => {},
    pin: () => {},
    consumeRefusal: () => null,
    fault: () => (fault === null ? null : ({ code: fault, message: `${owner}: ${fault}` } as MillraceError)),
    figures: () => ({ total: 1e12, free, floor: 1e9, secondsLeft }),
    close: () => {},
  });
  const watch = (...guards: DiskGuard[]) => {
    const warnings = createWarnings({ clock: Date.now, logger });
    const metrics = createMetrics(false);
    const disk = watchDisk(guards, { metrics, warnings });
    disk.close();
    return {
      disk,
      metrics,
      codes: warnings.list().map(({ code }) => code),
      texts: warnings.list().map(({ message }) => message),
    };
  };

  it.each([
    ['room', fixed('Log', 5e11), [], null],
    ['90 % full', fixed('Log', 9e10), ['disk_low'], null],
    ['full in two hours', fixed('Log', 5e11, null, 7_200), ['disk_low'], null],
    ['full in a day', fixed('Log', 5e11, null, 86_400), [], null],
    ['below the floor', fixed('Log', 1e8, 'disk_full'), ['disk_full', 'disk_low'], 'ingest: Log: disk_full'],
    ['lost', fixed('Log', 5e11, 'data_folder_lost'), ['data_folder_lost'], 'ingest: Log: data_folder_lost'],
  ])('%s', (_, guard, codes, missing) => {
    const told = watch(guard, fixed('Store', 5e11));
    expect(told.codes).toEqual(codes);
    expect(told.disk.missing()).toBe(missing);
  });

  it('a full disk of the Store alone is a warning, a lost one stops ingest', () => {
    const full = watch(fixed('Log', 5e11), fixed('Store', 1e8, 'disk_full'));
    expect(full.codes).toContain('disk_full');
    expect(full.disk.missing()).toBeNull();
    expect(watch(fixed('Log', 5e11), fixed('Store', 5e11, 'data_folder_lost')).disk.missing()).toMatch(
      /Store/,
    );
  });

  it('measures each, with the time that is left', async () => {
    const { metrics, disk, texts } = watch(fixed('Log', 5e11, null, 7_200), fixed('Store', 2e11));
    const { text } = await metrics.expose();
    expect(text).toContain('millrace_disk_free_bytes{folder="store"} 200000000000');
    expect(text).toContain('millrace_disk_left_seconds{folder="log"} 7200');
    expect(text).toContain('millrace_disk_left_seconds{folder="store"} +Inf');
    expect(disk.gauges()).toEqual({
      diskTotal: 1e12,
      diskFree: 5e11,
      diskFloor: 1e9,
      diskSecondsLeft: 7_200,
    });
    expect(texts[0]).toMatch(
      /^The disk of the Log is 50 % full; 500 GB are free, and below 1\.0 GB events are refused\. At the rate of the last minutes it gets there in 2 h\.$/,
    );
  });
});

it('estimates the time that is left from the rate of the last minutes only', () => {
  const growth = createGrowth();
  for (let s = 0; s <= 110; s += 10) growth.add(s * 1_000, 1e9 - s * 1e6);
  expect(growth.secondsUntil(0)).toBeNull();
  for (let s = 120; s <= 3_600; s += 10) growth.add(s * 1_000, 1e9);
  // What went an hour ago says nothing.
  expect(growth.secondsUntil(0)).toBeNull();
  for (let s = 3_610; s <= 4_500; s += 10) growth.add(s * 1_000, 1e9 - (s - 3_600) * 1e5);
  expect(growth.secondsUntil(1e8)).toBeCloseTo((1e9 - 900e5 - 1e8) / 1e5);
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 KB'],
  [62_914_560, '62.9 MB'],
  [2.5e14, '250 TB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
