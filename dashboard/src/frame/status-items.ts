import type { Heartbeat } from '#client/types.ts';
import { NO_VALUE } from '../format/format-number.ts';
import type { Formats } from '../format/formats.ts';

/** One figure of the status bar. */
export interface StatusItem {
  id: string;
  name: string;
  text: string;
  /** What the figure means. */
  explanation: string;
  /** Left out where there is little room. */
  extra: boolean;
  critical: boolean;
}

/** Returns the figures of the server's last heartbeat; without values where there is no recent one. */
export function statusItems(
  heartbeat: Pick<Heartbeat, 'time' | 'status'> | null,
  formats: Formats,
): StatusItem[] {
  const rate = (value: number | null | undefined, unit: string): string =>
    value == null ? NO_VALUE : `${formats.value(Math.round(value))} ${unit}`;
  const status = heartbeat?.status ?? null;
  const behind = status?.watermark == null ? null : heartbeat!.time - status.watermark;
  const item = (
    id: string,
    name: string,
    text: string,
    explanation: string,
    more: Partial<StatusItem> = {},
  ) => ({
    ...{ id, name, text, explanation, extra: true, critical: false },
    ...more,
  });
  return [
    item(
      'ingest',
      'Received',
      rate(status?.ingestRate, 'ev/s'),
      'Events accepted by the server per second, over the last seconds.',
      { extra: false },
    ),
    item(
      'rejected',
      'Rejected',
      rate(status?.rejectedRate, '/s'),
      'Events refused by the server per second, over the last seconds. The reason is in the response to the sender and in the list of events.',
      { extra: false, critical: (status?.rejectedRate ?? 0) > 0 },
    ),
    item(
      'lag',
      'To count',
      rate(status?.lag, status?.lag === 1 ? 'block' : 'blocks'),
      'Blocks of events that are stored and not counted yet. It stays near 0 while counting keeps up.',
    ),
    item(
      'watermark',
      'Counted up to',
      behind === null ? NO_VALUE : `${formats.age(behind)} ago`,
      'The watermark: all events up to this time are counted. A window closes when the watermark has passed its end.',
      { extra: false },
    ),
    item(
      'late',
      'Late',
      status?.lateShare == null ? NO_VALUE : `${formats.fixed(status.lateShare * 100, 2)} %`,
      'The share of events that arrived too late to be counted. They are stored.',
    ),
    item(
      'viewers',
      'Viewers',
      status === null ? NO_VALUE : String(status.viewers),
      'Pages and programs connected to this server now.',
    ),
  ];
}
