import { ok, type Result, refuse, shown } from '../errors.ts';

/**
 * A record of the `events` topic. Its value is NDJSON, one event a line, the bytes as they were received
 * wherever possible; its headers say the rest. A foreign producer may write a record without any of the
 * headers: one plain JSON event is a valid block, received at the record's own time. Of all headers only the one for
 * imports is read of such a record.
 */
export interface BlockHeaders {
  /** Random, kept across retries: a block that was appended twice is folded once. Null on foreign records. */
  block: string | null;
  /** When ingest received it, epoch ms. */
  received: number;
  /** How many events it says it holds; null when it does not say. */
  count: number | null;
  kind: 'events' | 'control';
  /** Whether its events are imported: history that is archived, and counted by its own part of each metric (rule 4). */
  imported: boolean;
}

/** What a writer of a block says; without `imported` its events are live. */
export type WrittenHeaders = Omit<BlockHeaders, 'imported'> & Partial<Pick<BlockHeaders, 'imported'>>;

/** Header names on the wire. All values are text. */
export const HEADER = {
  format: 'millrace-format',
  block: 'millrace-block',
  received: 'millrace-received',
  count: 'millrace-count',
  kind: 'millrace-kind',
  import: 'millrace-import',
} as const;
export const BLOCK_FORMAT = '1';
/** The only value of the import header. */
const IMPORTED = '1';
/** What Millrace writes stays below this, so that with headers it fits any broker's default limit by far. */
export const MAX_BLOCK_BYTES = 250_000;
/** Bytes of a record that is read: what brokers take in one batch. */
export const MAX_RECORD_BYTES = 8_388_608;
/** Lines of a block at most, blank ones counted. */
export const MAX_BLOCK_LINES = 20_000;
/** Bytes of a control block: a definition with every list full is shorter. */
export const MAX_CONTROL_BYTES = 1_000_000;
/** Characters of a block's id: a partition remembers thousands of them. */
const MAX_BLOCK_ID = 200;

export function encodeBlockHeaders(headers: WrittenHeaders): Record<string, string> {
  return {
    [HEADER.format]: BLOCK_FORMAT,
    ...(headers.block === null ? {} : { [HEADER.block]: headers.block }),
    [HEADER.received]: String(headers.received),
    ...(headers.count === null ? {} : { [HEADER.count]: String(headers.count) }),
    ...(headers.kind === 'control' ? { [HEADER.kind]: 'control' } : {}),
    ...(headers.imported === true ? { [HEADER.import]: IMPORTED } : {}),
  };
}

/** `recordTime`: the Log's own timestamp of the record, what a foreign record is judged by. */
export function decodeBlockHeaders(
  headers: Readonly<Record<string, string>>,
  recordTime: number,
): Result<BlockHeaders> {
  const format = headers[HEADER.format];
  const given = headers[HEADER.import];
  if (given !== undefined && given !== IMPORTED) {
    return refuse(
      'wrong_type',
      `Block header ${HEADER.import}: expected "${IMPORTED}" or nothing, got ${shown(given)}.`,
      HEADER.import,
    );
  }
  const imported = given !== undefined;
  if (format === undefined)
    return ok({ block: null, received: recordTime, count: null, kind: 'events', imported });
  if (format !== BLOCK_FORMAT)
    return refuse('unsupported_format', `Block format ${shown(format)}; "1" is known.`, HEADER.format);
  const received = Number(headers[HEADER.received] ?? Number.NaN);
  const kind = headers[HEADER.kind] ?? 'events';
  const count = headers[HEADER.count];
  if (!Number.isSafeInteger(received) || received < 0) {
    return refuse(
      'wrong_type',
      `Block header ${HEADER.received}: expected epoch ms, got ${shown(headers[HEADER.received])}.`,
      HEADER.received,
    );
  }
  if (kind !== 'events' && kind !== 'control') {
    return refuse(
      'wrong_type',
      `Block header ${HEADER.kind}: expected "control" or nothing, got ${shown(kind)}.`,
      HEADER.kind,
    );
  }
  if (count !== undefined && !/^\d{1,15}$/.test(count)) {
    return refuse(
      'wrong_type',
      `Block header ${HEADER.count}: expected a whole number, got ${shown(count)}.`,
      HEADER.count,
    );
  }
  const block = headers[HEADER.block] ?? null;
  if (block !== null && block.length > MAX_BLOCK_ID) {
    return refuse(
      'name_too_long',
      `Block header ${HEADER.block}: at most ${MAX_BLOCK_ID} characters, got ${block.length}.`,
      HEADER.block,
    );
  }
  return ok({
    block,
    received,
    count: count === undefined ? null : Number(count),
    kind,
    imported: imported && kind === 'events',
  });
}
