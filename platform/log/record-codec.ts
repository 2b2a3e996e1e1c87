import { MillraceError } from '#contracts/errors.ts';
import type { LogRecord, StoredRecord } from './log.ts';

/*
 * A record as the local logs store it, little-endian:
 * u8 format (1) · f64 time · i32 key length (−1: no key) · u32 headers length · key · headers as JSON · value
 */
const FORMAT = 1;
const HEAD = 17;

/** The stored bytes of a record; they share nothing with it. */
export function encodeRecord(record: LogRecord, time: number): Uint8Array {
  const headers = Buffer.from(JSON.stringify(record.headers));
  const keyLength = record.key?.length ?? 0;
  const bytes = Buffer.allocUnsafe(HEAD + keyLength + headers.length + record.value.length);
  bytes.writeUInt8(FORMAT, 0);
  bytes.writeDoubleLE(time, 1);
  bytes.writeInt32LE(record.key === null ? -1 : keyLength, 9);
  bytes.writeUInt32LE(headers.length, 13);
  if (record.key !== null) bytes.set(record.key, HEAD);
  bytes.set(headers, HEAD + keyLength);
  bytes.set(record.value, HEAD + keyLength + headers.length);
  return bytes;
}

/** The record's key and value are views of `bytes`. Throws MillraceError `unsupported_format`. */
export function decodeRecord(bytes: Uint8Array, offset: number): StoredRecord {
  const time = recordTime(bytes, offset);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const keyLength = view.getInt32(9, true);
  const keyEnd = HEAD + Math.max(0, keyLength);
  const headersEnd = keyEnd + view.getUint32(13, true);
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
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat64(1, true);
}

const unreadable = (offset: number, why: string): MillraceError =>
  new MillraceError({
    code: 'unsupported_format',
    message: `The log's record at offset ${offset} cannot be read: ${why}.`,
  });
