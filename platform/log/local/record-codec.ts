import { crc32 } from 'node:zlib';
import { MillraceError } from '#contracts/errors.ts';
import type { LogRecord, StoredRecord } from '../log.ts';

/*
 * A record as the local logs store it, little-endian:
 * u8 format (2) · u32 checksum · f64 time · i32 key length (−1: no key) · u32 headers length · key · headers as JSON · value
 * The checksum is that of everything behind it, begun with the record's place; storages that can be damaged set and check it.
 */
const FORMAT = 2;
const SUM = 1;
const TIME = 5;
const HEAD = 21;

/** Where a record lies. */
export interface RecordPlace {
  topic: string;
  partition: number;
  offset: number;
}

/** The stored bytes of a record, without a checksum; they share nothing with it. */
export function encodeRecord(record: LogRecord, time: number): Uint8Array {
  const headers = Buffer.from(JSON.stringify(record.headers));
  const keyLength = record.key?.length ?? 0;
  const bytes = Buffer.allocUnsafe(HEAD + keyLength + headers.length + record.value.length);
  bytes.writeUInt8(FORMAT, 0);
  bytes.writeUInt32LE(0, SUM);
  bytes.writeDoubleLE(time, TIME);
  bytes.writeInt32LE(record.key === null ? -1 : keyLength, 13);
  bytes.writeUInt32LE(headers.length, 17);
  if (record.key !== null) bytes.set(record.key, HEAD);
  bytes.set(headers, HEAD + keyLength);
  bytes.set(record.value, HEAD + keyLength + headers.length);
  return bytes;
}

/** Sets the checksum in place, so that a large record is not copied once more. */
export function sealRecord(bytes: Uint8Array, place: RecordPlace): Uint8Array {
  viewOf(bytes).setUint32(SUM, sumOf(bytes, place), true);
  return bytes;
}

/** Whether these are the bytes that were sealed for this place. */
export const isWhole = (bytes: Uint8Array, place: RecordPlace): boolean =>
  bytes.length >= HEAD && bytes[0] === FORMAT && viewOf(bytes).getUint32(SUM, true) === sumOf(bytes, place);

/** The place is part of it: a whole record where another belongs is damage, too. */
const sumOf = (bytes: Uint8Array, { topic, partition, offset }: RecordPlace): number =>
  crc32(bytes.subarray(TIME), crc32(`${topic}/${partition}/${offset}`));

/** The record's key and value are views of `bytes`. Throws MillraceError `unsupported_format`. */
export function decodeRecord(bytes: Uint8Array, offset: number): StoredRecord {
  const time = recordTime(bytes, offset);
  const view = viewOf(bytes);
  const keyLength = view.getInt32(13, true);
  const keyEnd = HEAD + Math.max(0, keyLength);
  const headersEnd = keyEnd + view.getUint32(17, true);
  if (keyLength < -1 || headersEnd > bytes.length) throw unreadable(offset, 'its lengths do not fit');
  const headers = Buffer.from(bytes.buffer, bytes.byteOffset + keyEnd, headersEnd - keyEnd).toString();
  return {
    offset,
    time,
    key: keyLength < 0 ? null : bytes.subarray(HEAD, keyEnd),
    headers: readHeaders(headers, offset),
    value: bytes.subarray(headersEnd),
  };
}

function readHeaders(text: string, offset: number): Record<string, string> {
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch {
    throw unreadable(offset, 'its headers are not JSON');
  }
}

/** The time alone, for retention. Throws as `decodeRecord`. */
export function recordTime(bytes: Uint8Array, offset: number): number {
  if (bytes.length < HEAD || bytes[0] !== FORMAT) throw unreadable(offset, `its format is ${bytes[0]}`);
  return viewOf(bytes).getFloat64(TIME, true);
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

const unreadable = (offset: number, why: string): MillraceError =>
  new MillraceError({
    code: 'unsupported_format',
    message: `The log's record at offset ${offset} cannot be read: ${why}.`,
  });
