import { expect, it } from 'vitest';
import { fakeProcesses } from '../../testing/fake-processes.ts';
import { FORMATS } from '../../testing/usual-formats.ts';
import { findings, type Known } from './findings.ts';
import {
  activity,
  budgets,
  disks,
  formatBytes,
  incoming,
  OLD_AFTER,
  oldestOf,
  sinceStart,
  stages,
} from './system-figures.ts';

const NOW = 1_000_000;
const PROCESSES = fakeProcesses('live', NOW);
const STATUS = {
  ...{ ingestRate: 1_204.4, rejectedRate: 0.3, lag: 1, watermark: NOW - 1_200, lateShare: 0.0002 },
  ...{ viewers: 14, events: 95_517 },
};
const HEARTBEAT = { time: NOW, status: STATUS };
const DELAYS = { roundTrip: 38.4, p50: null, p99: 1_612, now: NOW, formats: FORMATS };
const texts = (rows: readonly { name: string; text: string; unit: string }[]): string[] =>
  rows.map(({ name, text, unit }) => `${name} ${text} ${unit}`.trim());

it('says what comes in, each figure with its unit', () => {
  expect(texts(incoming(HEARTBEAT, FORMATS))).toEqual([
    'Received 1,204 events/s',
    'Rejected 0.30 events/s',
    'Late 0.02 %',
    'Received in all 95.5 k events',
    'Watching 14 viewers',
  ]);
  expect(texts(sinceStart(PROCESSES, FORMATS))).toContain('Rejected 14 events');
});

it('has no figure, not a zero, where nothing was measured', () => {
  const rows = [
    ...incoming(null, FORMATS),
    ...sinceStart([], FORMATS),
    ...stages(null, [], { ...DELAYS, roundTrip: null, p99: null }),
  ];
  expect(rows.map(({ text }) => text)).toEqual(rows.map(() => '–'));
  expect(rows.map(({ unit }) => unit)).toEqual(rows.map(() => ''));
  expect([disks([], FORMATS), budgets([], FORMATS), oldestOf([])]).toEqual([[], [], null]);
});

it('says how far behind each stage is, and when that was measured', () => {
  const rows = stages(HEARTBEAT, PROCESSES, DELAYS);
  expect(texts(rows)).toEqual([
    'To count 1 block',
    'Counted up to 1.2 s ago',
    'To store 95 rows',
    'Way to this page 38 ms',
    'Event to pixel, half –',
    'Event to pixel, 99 of 100 1.61 s',
  ]);
  expect(rows.map(({ time }) => time)).toEqual([NOW, NOW, NOW - 300, NOW, null, NOW]);
});

it('says how full disks and budgets are, the fullest first', () => {
  expect(disks(PROCESSES, FORMATS)).toMatchObject([
    {
      used: '189.2 GB',
      most: '270.6 GB',
      about: expect.stringContaining('80.4 GB until events are refused'),
    },
  ]);
  expect(budgets(PROCESSES, FORMATS).map(({ name, used, most }) => `${name}: ${used} of ${most}`)).toEqual([
    'State bytes: 2.64 MB of 96.0 MB',
    'Definitions: 12 of 1,000',
  ]);
});

it('says what each process does', () => {
  expect(PROCESSES.map((one) => activity(one, FORMATS))).toEqual([
    '788 requests',
    '4 partitions, 4,790 open cells',
    '14 viewers, 9 views',
  ]);
  expect(activity({ ...PROCESSES[2]!, gauges: { viewers: 1 } }, FORMATS)).toBe('1 viewer, – views');
});

const knownAt = (more: Partial<Known>): Known => ({
  ...{ warnings: [], processes: PROCESSES, asked: NOW, heard: NOW, now: NOW, formats: FORMATS },
  ...more,
});

it('finds nothing where all is as usual', () => {
  expect(findings(knownAt({}))).toEqual([]);
  expect(findings(knownAt({ processes: [], asked: null, heard: null }))).toEqual([]);
});

it('begins with what refuses events, and says what to do about each finding', () => {
  const warnings = [
    {
      code: 'clock_behind',
      message: 'The clock was set back by 3 s. Check its synchronisation.',
      since: NOW - 60_000,
    },
    { code: 'disk_full', message: 'The disk is full.', since: NOW },
  ];
  const found = findings(knownAt({ warnings, processes: fakeProcesses('warned', NOW) }));
  expect(found.map(({ id }) => id)).toEqual(['disk_full', 'clock_behind', 'MILLRACE_STATE_BYTES']);
  expect(found[1]).toMatchObject({
    title: 'The clock was set back by 3 s.',
    cause: 'for 1 min',
    advice: 'Check its synchronisation.',
  });
  expect(found[2]).toMatchObject({
    cause: '2 refused so far',
    advice: expect.stringContaining('MILLRACE_STATE_BYTES'),
  });
});

it('says which processes have fallen silent', () => {
  const silent = findings(knownAt({ processes: fakeProcesses('stale', NOW) }));
  expect(silent.map(({ title }) => title)).toContain('ingest 034ab5ae is silent');
  const [first] = PROCESSES;
  expect(findings(knownAt({ processes: [{ ...first!, time: NOW - OLD_AFTER }] }))).toEqual([]);
});

it('blames no process where the server does not answer', () => {
  expect(findings(knownAt({ now: NOW + 60_000 })).map(({ id, cause }) => `${id}: ${cause}`)).toEqual([
    'away: nothing was heard for 1 min',
  ]);
});

it.each([
  [0, '0 B'],
  [512, '512 B'],
  [47_000, '47.0 kB'],
  [96_000_000, '96.0 MB'],
  [4_260_000_000, '4.26 GB'],
])('writes %d bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes, FORMATS)).toBe(text);
});
