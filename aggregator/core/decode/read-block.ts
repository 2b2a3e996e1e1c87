import { ok, type Result } from '#contracts/errors.ts';
import { type BlockHeaders, decodeBlockHeaders } from '#contracts/log/block.ts';
import type { HashKey } from '../dedup/hash-id.ts';
import { findOversize } from './block-size.ts';

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
  // one comes of a clock that is ahead, or is made up.
  return ok({ ...read.value, received: Math.min(read.value.received, time) });
}
