import type { Fault } from '#contracts/errors.ts';
import {
  type BlockHeaders,
  MAX_BLOCK_LINES,
  MAX_CONTROL_BYTES,
  MAX_RECORD_BYTES,
} from '#contracts/log/block.ts';
import { ASCII } from '#contracts/text/ascii.ts';

const { LINE_FEED } = ASCII;

/** Why a block is not read at all: a block is folded at once, so its size bounds how long others wait. */
export function findOversize(value: Uint8Array, kind: BlockHeaders['kind']): Fault | null {
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
