import { type Fault, ok, type Result } from '#contracts/errors.ts';
import {
  type BlockHeaders,
  decodeBlockHeaders,
  MAX_BLOCK_LINES,
  MAX_CONTROL_BYTES,
  MAX_RECORD_BYTES,
} from '#contracts/log/block.ts';
import { ASCII } from '#contracts/text/ascii.ts';
import type { HashKey } from '../dedup/hash-id.ts';

const { LINE_FEED } = ASCII;

/** A record of the events topic as the fold takes it. */
export interface Block {
  offset: number;
  /** The log's own time of the append, epoch ms. */
  time: number;
  headers: Readonly<Record<string, string>>;
  value: Uint8Array;
}

export interface PartitionOptions {
  partition: number;
  /** Id of the log, kept in commit rows. */
  identity: string;
  /** Blocks below were in the log before this owner: their receipts say nothing about latency. */
  replayUntil: number;
  /** What ids are hashed under, secret and random: no result depends on it. That of the restored ids. */
  idKey: HashKey;
}

/** Reads the headers of a block that is no larger than one may be; its receipt is never after its append. */
export function readHead({ headers, time, value }: Block): Result<BlockHeaders> {
  const read = decodeBlockHeaders(headers, time);
  if (!read.ok) return read;
  const fault = findOversize(value, read.value.kind);
  if (fault !== null) return { ok: false, fault };
  // A receipt moves the watermark, and with it what is late. Nothing is received after it was appended, so a later
  // one comes from a clock that is ahead, or is forged.
  return ok({ ...read.value, received: Math.min(read.value.received, time) });
}

/** Why a block is not read at all: a block is folded at once, so its size bounds how long others wait. */
function findOversize(value: Uint8Array, kind: BlockHeaders['kind']): Fault | null {
  const most = kind === 'control' ? MAX_CONTROL_BYTES : MAX_RECORD_BYTES;
  if (value.length > most) {
    const message = `The record has ${value.length} bytes; at most ${most} are allowed. Write several smaller ones.`;
    return { code: 'body_too_large', message };
  }
  if (kind === 'control') return null;
  let lines = 0;
  for (let at = 0; at >= 0 && lines <= MAX_BLOCK_LINES; lines++) {
    const newline = value.indexOf(LINE_FEED, at);
    at = newline < 0 ? -1 : newline + 1;
  }
  if (lines <= MAX_BLOCK_LINES) return null;
  const message = `The record has more than ${MAX_BLOCK_LINES} lines. Write several smaller ones.`;
  return { code: 'too_many_events', message };
}
