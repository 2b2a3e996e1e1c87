import { parseTimestamp } from '#contracts/event/timestamp.ts';
import { isRecord } from '#contracts/is-record.ts';
import { decodeBlockHeaders } from '#contracts/log/block.ts';
import { LEFT_OUT_RECORD, REJECTED_RECORD } from '#contracts/log/rejected-record.ts';
import { dimensionText } from '#contracts/metric/dimension.ts';
import { fits } from '#contracts/schema/fits.ts';
import { cutText } from '#contracts/text/shown.ts';
import type { TailRow } from '#contracts/view/protocol.ts';
import type { StoredRecord } from '#platform/log/log.ts';

/** Properties in a row, and characters of one value. */
const MAX_PROPERTIES = 8;
const MAX_LENGTH = 80;
/** Characters of an id or key: what is longer is left out, since a part of it would name another. */
const MAX_NAME = 200;
const BLANK = /^[ \t\r]*$/;

/** Returns the newest events of a block as rows, at most `most`, and how many it holds. Lines that are no events are only counted. */
export function readEventRows(
  record: StoredRecord,
  partition: number,
  most: number,
): { rows: TailRow[]; events: number } {
  const headers = decodeBlockHeaders(record.headers, record.time);
  if (!headers.ok || headers.value.kind === 'control') return { rows: [], events: 0 };
  const lines = Buffer.from(record.value)
    .toString()
    .split('\n')
    .filter((line) => !BLANK.test(line));
  const rows: TailRow[] = [];
  // The newest events of a block are last.
  for (let index = Math.max(0, lines.length - most); index < lines.length; index++) {
    const row = readRow(lines[index]!, headers.value.received);
    if (row !== null) rows.push({ ...row, position: { partition, offset: record.offset, index } });
  }
  return { rows, events: lines.length };
}

function readRow(line: string, received: number): TailRow | null {
  const event = parse(line);
  if (event === null || typeof event.event !== 'string') return null;
  const properties =
    typeof event.properties === 'object' && event.properties !== null ? event.properties : {};
  const all = Object.entries(properties);
  const shown = all.slice(0, MAX_PROPERTIES);
  const pairs = shown.map(([name, value]): [string, string] => [
    name,
    cutText(dimensionText(value) ?? '…', MAX_LENGTH),
  ]);
  const text = pairs.map((pair) => pair.join(' ')).join('  ');
  const time = parseTimestamp(event.timestamp) ?? received;
  const kinds = shown.map(([, value]) => kindOf(value)).join('');
  const cut = all.length > MAX_PROPERTIES ? { cut: true as const } : {};
  const { id, key } = event;
  const named = { ...(isName(id) ? { id } : {}), ...(isName(key) ? { key } : {}) };
  return { time, event: event.event, text, properties: pairs, kinds, ...cut, ...named };
}

const isName = (text: unknown): text is string => typeof text === 'string' && text.length <= MAX_NAME;

function kindOf(value: unknown): string {
  if (value === null) return 'z';
  return { string: 's', number: 'n', boolean: 'b' }[typeof value as string] ?? 'o';
}

/** Returns the rows of a record of the `rejected` topic, and how many refusals it stands for; what is no such record has none. */
export function readRejectedRows(record: StoredRecord): { rows: TailRow[]; events: number } {
  const rejected: unknown = parse(Buffer.from(record.value).toString());
  if (fits(LEFT_OUT_RECORD, rejected))
    return { rows: [], events: Object.values(rejected.leftOut).reduce((sum, n) => sum + n, 0) };
  if (!fits(REJECTED_RECORD, rejected)) return { rows: [], events: 0 };
  const { time, code, field, message, body } = rejected;
  const fault = { code, message, ...(field === undefined ? {} : { field }) };
  const event = parse(body)?.event;
  const row = {
    time,
    event: typeof event === 'string' ? event : '',
    text: cutText(body, MAX_LENGTH * 4),
    rejected: fault,
  };
  return { rows: [row], events: 1 };
}

/** Returns null for what is no JSON object: foreign producers may write anything. */
function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}
