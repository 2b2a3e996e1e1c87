import type { Heartbeat } from '#client/types.ts';
import type { BudgetFigures, SystemRecord } from '#contracts/log/system-record.ts';
import { NO_VALUE } from '../format/format-number.ts';
import type { Formats } from '../format/formats.ts';
import type { FigureRow } from '../ui/figure-row.ts';

/** After this long without a report a figure is old, ms. Processes report once a second, and the page asks every few seconds. */
export const OLD_AFTER = 12_000;

const rowsIn =
  (formats: Formats) =>
  (name: string, value: number | null | undefined, unit: string, about: string): FigureRow => {
    const { text, suffix } = formats.figure(value ?? null, '');
    return { name, text: suffix === '' ? text : `${text} ${suffix}`, unit: value == null ? '' : unit, about };
  };

/** Returns the size of something in bytes: `4.26 GB`. */
export function formatBytes(bytes: number, formats: Formats): string {
  const { text, suffix } = formats.figure(bytes, '');
  // Below ten thousand a figure has no letter.
  return `${text} ${suffix === 'k' ? 'kB' : `${suffix}B`}`;
}

const byPart = (processes: readonly SystemRecord[], part: SystemRecord['part']) =>
  processes.filter((process) => process.part === part);

/** Returns the sum over processes; null where none says it. */
function sum(figures: readonly Record<string, number>[], name: string): number | null {
  const known = figures.flatMap((one) => one[name] ?? []);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}

/** Returns the time of the oldest report among processes, epoch ms; null without one. */
export const oldestOf = (processes: readonly SystemRecord[]): number | null =>
  processes.length === 0 ? null : Math.min(...processes.map(({ time }) => time));

/** What the server says of itself with each heartbeat, once a second. */
export function incoming(heartbeat: Pick<Heartbeat, 'status'> | null, formats: Formats): FigureRow[] {
  const row = rowsIn(formats);
  const status = heartbeat?.status;
  const share = status?.lateShare ?? null;
  return [
    row('Received', rounded(status?.ingestRate), 'events/s', 'Accepted, over the last seconds.'),
    row(
      'Rejected',
      rounded(status?.rejectedRate),
      'events/s',
      'Refused, over the last seconds; their senders were told why.',
    ),
    {
      ...{
        name: 'Late',
        text: share === null ? NO_VALUE : formats.fixed(share * 100, 2),
        unit: share === null ? '' : '%',
      },
      about: 'Of all events counted so far: came too late for their window. They are in the archive.',
    },
    row('Received in all', status?.events, 'events', 'Since this Millrace began.'),
    row(
      'Watching',
      status?.viewers,
      status?.viewers === 1 ? 'viewer' : 'viewers',
      'Pages and programs connected now.',
    ),
  ];
}

const rounded = (value: number | null | undefined): number | null =>
  value == null ? null : value < 10 ? Math.round(value * 10) / 10 : Math.round(value);

/** What the processes say of events since they began. */
export function sinceStart(processes: readonly SystemRecord[], formats: Formats): FigureRow[] {
  const row = rowsIn(formats);
  const ingest = byPart(processes, 'ingest').map(({ totals }) => totals);
  const aggregator = byPart(processes, 'aggregator').map(({ totals }) => totals);
  return [
    row('Requests', sum(ingest, 'requests'), '', 'That sent events, since ingest started.'),
    row('Accepted', sum(ingest, 'accepted'), 'events', 'Durable before the sender was answered.'),
    row('Rejected', sum(ingest, 'rejected'), 'events', 'Refused one by one, each with its code.'),
    row('Repeats', sum(aggregator, 'duplicates'), 'events', 'Counted once, however often they were sent.'),
    row(
      'Skipped',
      sum(aggregator, 'skipped'),
      'times',
      'A metric could not use an event: a value was missing or of another type.',
    ),
  ];
}

/** What the page itself measures. */
export interface PageDelays {
  roundTrip: number | null;
  p50: number | null;
  p99: number | null;
}

/** A stage of the way from the sender to the screen. */
export interface Stage extends FigureRow {
  /** When it was measured, epoch ms; null where nothing was. */
  time: number | null;
}

/** Returns how far behind each stage is, in the order of the way. */
export function stages(
  heartbeat: Pick<Heartbeat, 'status' | 'time'> | null,
  processes: readonly SystemRecord[],
  { roundTrip, p50, p99, now, formats }: PageDelays & { now: number; formats: Formats },
): Stage[] {
  const row = rowsIn(formats);
  const beat = heartbeat?.time ?? null;
  const watermark = heartbeat?.status.watermark ?? null;
  const aggregators = byPart(processes, 'aggregator');
  const reported = oldestOf(aggregators);
  const gauges = aggregators.map((process) => process.gauges);
  const behind = watermark === null || beat === null ? null : beat - watermark;
  const words = (name: string, text: string | null, about: string, time: number | null): Stage => ({
    ...{ name, text: text ?? NO_VALUE, unit: '', about },
    time: text === null ? null : time,
  });
  const delay = (ms: number | null): string | null => (ms === null ? null : formats.delay(ms));
  const blocks = heartbeat?.status.lag;
  const all: Stage[] = [
    {
      ...row(
        'To count',
        blocks,
        blocks === 1 ? 'block' : 'blocks',
        'Stored in the Log, and not counted yet. Near 0 while counting keeps up.',
      ),
      time: beat,
    },
    words(
      'Counted up to',
      behind === null ? null : `${formats.age(behind)} ago`,
      'All events up to then are counted. A window closes when this has passed its end.',
      beat,
    ),
    {
      ...row(
        'To store',
        sum(gauges, 'pendingRows'),
        'rows',
        'Counted, shown, and not yet written to the Store.',
      ),
      time: reported,
    },
    words('Way to this page', delay(roundTrip), 'Round trip between this browser and the server.', now),
    words(
      'Event to pixel, half',
      delay(p50),
      'Half of the events were drawn here within this time of their receipt. Known while a board is shown.',
      now,
    ),
    words('Event to pixel, 99 of 100', delay(p99), 'Of a hundred events one took longer.', now),
  ];
  return all.map((stage) => withAge(stage, { now, formats }));
}

/** Rows of a table are measured at different times: one that is old says so. */
function withAge(stage: Stage, { now, formats }: { now: number; formats: Formats }): Stage {
  const age = stage.time === null ? 0 : now - stage.time;
  return age > OLD_AFTER ? { ...stage, note: `${formats.age(age)} old` } : stage;
}

/** A thing that has an end: how much of it is used. */
export interface Fill {
  name: string;
  used: string;
  most: string;
  /** 0 to 1. */
  share: number;
  about: string;
  time: number;
  /** Refusals because of it, since the process began. */
  refused: number;
}

/** Returns the disks of processes that keep data themselves. */
export function disks(processes: readonly SystemRecord[], formats: Formats): Fill[] {
  const say = (bytes: number): string => formatBytes(bytes, formats);
  return processes.flatMap(({ part, process, gauges, time }) => {
    const { diskTotal: total, diskFree: free, diskFloor: floor = 0 } = gauges;
    if (total === undefined || free === undefined || total <= 0) return [];
    const left = Math.max(0, free - floor);
    return {
      ...{
        name: `Disk of ${part} ${shortId(process)}`,
        used: say(total - free),
        most: say(total),
      },
      ...{ share: share(total - free, total), time, refused: 0 },
      about: `${say(left)} until events are refused: ${say(floor)} are kept free.`,
    };
  });
}

/** Returns what processes hold in memory on behalf of others, the fullest first. */
export function budgets(processes: readonly SystemRecord[], formats: Formats): Fill[] {
  const amount = (value: number, { unit }: BudgetFigures): string =>
    unit === 'bytes' ? formatBytes(value, formats) : rowsIn(formats)('', value, '', '').text;
  const all = processes.flatMap(({ budgets: list = [], time }) => list.map((one) => ({ ...one, time })));
  return all
    .map((one) => ({
      ...{ name: budgetName(one), used: amount(one.used, one), most: amount(one.most, one) },
      ...{ share: share(one.used, one.most), about: one.setting, time: one.time, refused: one.refused },
    }))
    .sort((a, b) => b.share - a.share);
}

const share = (used: number, most: number): number =>
  most > 0 ? Math.min(1, Math.max(0, used / most)) : used > 0 ? 1 : 0;
const budgetName = ({ name }: BudgetFigures): string => {
  const words = name.replaceAll('_', ' ').replace(/\btcp\b/, 'TCP');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
};

/** Returns what a process does now, by its part. */
export function activity({ part, totals, gauges }: SystemRecord, formats: Formats): string {
  const count = (value: number | undefined, one: string, many = `${one}s`): string =>
    value === undefined ? `– ${many}` : `${formats.fixed(value, 0)} ${value === 1 ? one : many}`;
  if (part === 'ingest') return count(totals.requests, 'request');
  if (part === 'aggregator')
    return `${count(gauges.partitions, 'partition')}, ${count(gauges.openCells, 'open cell')}`;
  return `${count(gauges.viewers, 'viewer')}, ${count(gauges.views, 'view')}`;
}

/** The first characters of the random name of a process. */
export const shortId = (process: string): string => process.slice(0, 8);
