import type { Heartbeat } from '#client/types.ts';
import type { BudgetFigures, SystemRecord } from '#contracts/log/system-record.ts';
import { formatAge, formatDelay } from '../format/format-duration.ts';
import { fixed, formatFigure, NO_VALUE } from '../format/format-number.ts';

/** One figure: what it is of, its text with the unit, and what it means. */
export interface FigureRow {
  name: string;
  text: string;
  unit: string;
  about: string;
}

/** After this long without a report a figure is old, ms. Processes report once a second, and the page asks every few seconds. */
export const OLD_AFTER = 12_000;

const row = (name: string, value: number | null | undefined, unit: string, about: string): FigureRow => {
  const { text, suffix } = formatFigure(value ?? null, '');
  return { name, text: suffix === '' ? text : `${text} ${suffix}`, unit: value == null ? '' : unit, about };
};

/** Returns the size of something in bytes: `4.26 GB`. */
export function formatBytes(bytes: number): string {
  const { text, suffix } = formatFigure(bytes, '');
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
export function incoming(heartbeat: Pick<Heartbeat, 'status'> | null): FigureRow[] {
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
        text: share === null ? NO_VALUE : fixed(share * 100, 2),
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
export function sinceStart(processes: readonly SystemRecord[]): FigureRow[] {
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
  { roundTrip, p50, p99, now }: PageDelays & { now: number },
): Stage[] {
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
  const delay = (ms: number | null): string | null => (ms === null ? null : formatDelay(ms));
  const blocks = heartbeat?.status.lag;
  return [
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
      behind === null ? null : `${formatAge(behind)} ago`,
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
export function disks(processes: readonly SystemRecord[]): Fill[] {
  return processes.flatMap(({ part, process, gauges, time }) => {
    const { diskTotal: total, diskFree: free, diskFloor: floor = 0 } = gauges;
    if (total === undefined || free === undefined || total <= 0) return [];
    const left = Math.max(0, free - floor);
    return {
      ...{
        name: `Disk of ${part} ${shortId(process)}`,
        used: formatBytes(total - free),
        most: formatBytes(total),
      },
      ...{ share: share(total - free, total), time, refused: 0 },
      about: `${formatBytes(left)} until events are refused: ${formatBytes(floor)} are kept free.`,
    };
  });
}

/** Returns what processes hold in memory on behalf of others, the fullest first. */
export function budgets(processes: readonly SystemRecord[]): Fill[] {
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
const amount = (value: number, { unit }: BudgetFigures): string =>
  unit === 'bytes' ? formatBytes(value) : row('', value, '', '').text;
const budgetName = ({ name }: BudgetFigures): string => {
  const words = name.replaceAll('_', ' ').replace(/\btcp\b/, 'TCP');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
};

/** Returns what a process does now, by its part. */
export function activity({ part, totals, gauges }: SystemRecord): string {
  const count = (value: number | undefined, one: string, many = `${one}s`): string =>
    value === undefined ? `– ${many}` : `${fixed(value, 0)} ${value === 1 ? one : many}`;
  if (part === 'ingest') return count(totals.requests, 'request');
  if (part === 'aggregator')
    return `${count(gauges.partitions, 'partition')}, ${count(gauges.openCells, 'open cell')}`;
  return `${count(gauges.viewers, 'viewer')}, ${count(gauges.views, 'view')}`;
}

/** The first characters of the random name of a process. */
export const shortId = (process: string): string => process.slice(0, 8);

/** What is not as usual: what it is, what was measured, what to do. */
export interface Finding {
  id: string;
  title: string;
  cause: string;
  advice: string;
  /** Whether events are refused. */
  critical: boolean;
}

const REFUSING = ['disk_full', 'data_folder_lost'];
/** Of a budget; from here on somebody may soon be refused. */
const NEARLY_FULL = 0.8;

/** What the page knows of the system, and since when: times in epoch ms, null before the first. */
export interface Known {
  warnings: readonly { code: string; message: string; since: number }[];
  processes: readonly SystemRecord[];
  /** When `processes` were read. */
  asked: number | null;
  /** When the server was heard last. */
  heard: number | null;
  now: number;
}

/** Returns what a reader should know first: that the server is away, what the processes warn of, what is nearly full, and who has fallen silent. */
export function findings({ warnings, processes, asked, heard, now }: Known): Finding[] {
  const last = Math.max(asked ?? 0, heard ?? 0);
  const away: Finding[] =
    last === 0 || now - last <= OLD_AFTER
      ? []
      : [
          {
            ...{ id: 'away', title: 'The server does not answer this page', critical: false },
            cause: `nothing was heard for ${formatAge(now - last)}`,
            advice: 'The page retries by itself; what stands below is as it was.',
          },
        ];
  const warned = warnings.map(({ code, message, since }): Finding => {
    const { said, advice } = splitAdvice(message);
    return {
      id: code,
      title: said,
      cause: `for ${formatAge(now - since)}`,
      advice,
      critical: REFUSING.includes(code),
    };
  });
  const full = budgets(processes)
    .filter((fill) => fill.share >= NEARLY_FULL)
    .map(
      ({ name, used, most, about, refused }): Finding => ({
        ...{ id: about, title: `${name}: ${used} of ${most}`, critical: false },
        cause: refused === 0 ? 'nothing was refused so far' : `${refused} refused so far`,
        advice: `Ask for less at once, or raise ${about}.`,
      }),
    );
  const silent = processes
    .filter(({ time }) => (asked ?? now) - time > OLD_AFTER)
    .map(
      ({ part, process, time }): Finding => ({
        ...{ id: process, title: `${part} ${shortId(process)} is silent`, critical: false },
        cause: `last report ${formatAge(now - time)} ago`,
        advice: 'See its log, and whether it still runs.',
      }),
    );
  return [...away, ...warned, ...full, ...silent].sort((a, b) => Number(b.critical) - Number(a.critical));
}

/** Warnings end with what to do; the first sentence says what is. */
function splitAdvice(message: string): { said: string; advice: string } {
  const [said = message, ...rest] = message.split(/(?<=[.!])\s+(?=[A-Z])/);
  return { said, advice: rest.join(' ') };
}
