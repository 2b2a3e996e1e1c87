import type { Readable } from 'node:stream';
import { type Fault, ok, type Result, refuse } from '#contracts/errors.ts';
import type { ByteBudget } from './byte-budget.ts';
import { createUnpacker, readEncoding } from './unpack.ts';

export interface EncodedBody {
  /** The sender whose share of the budget it uses. */
  sender: string;
  stream: Readable;
  /** Content-Encoding, if any. */
  encoding: string | undefined;
  /** Content-Length, if any. */
  length: number | null;
}

/** A body's bytes and how many of them the budget holds; the caller gives them back, also after a refusal. */
export interface ReadBody {
  result: Result<Uint8Array>;
  /** The first bytes that were read, to show what was refused. */
  head: Uint8Array;
  held: number;
}

/** Reads and unpacks a body, never holding more than `limit` bytes of it, whatever a bomb would grow to. */
export async function readBody(body: EncodedBody, limit: number, budget: ByteBudget): Promise<ReadBody> {
  const encoding = readEncoding(body.encoding);
  if (!encoding.ok) return { result: encoding, head: NOTHING, held: 0 };
  if (body.length !== null && body.length > limit) return { result: tooLarge(limit), head: NOTHING, held: 0 };
  const pieces = createPieces(body.sender, limit, budget);
  const unpacker =
    encoding.value === null
      ? null
      : createUnpacker(encoding.value, (bytes) => {
          if (!pieces.add(bytes)) unpacker?.stop();
        });
  try {
    for await (const chunk of body.stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (unpacker === null) pieces.add(chunk);
      else await unpacker.push(chunk);
      if (pieces.fault() !== null) break;
    }
    if (pieces.fault() === null) await unpacker?.end();
  } catch (error) {
    const result = pieces.fault() ?? unreadable(error as Error, unpacker !== null);
    return { result, head: pieces.head(), held: pieces.held() };
  } finally {
    // After a refusal the rest of a bomb must not be unpacked.
    unpacker?.stop();
  }
  return { result: pieces.fault() ?? ok(pieces.join()), head: pieces.head(), held: pieces.held() };
}

const NOTHING = new Uint8Array(0);

type Refusal = { ok: false; fault: Fault };

/** What has come of a body, within the limit and the budget; the first piece that does not fit is the end. */
function createPieces(sender: string, limit: number, budget: ByteBudget) {
  const chunks: Buffer[] = [];
  let held = 0;
  let fault: Refusal | null = null;
  return {
    held: () => held,
    head: () => chunks[0] ?? NOTHING,
    fault: () => fault,
    /** Whether there is room for more. */
    add(chunk: Buffer): boolean {
      if (fault !== null) return false;
      const room = held + chunk.length > limit ? 'too large' : budget.acquire(sender, chunk.length);
      if (room === 'acquired') {
        held += chunk.length;
        chunks.push(chunk);
        return true;
      }
      fault = room === 'too large' ? tooLarge(limit) : refuse('overloaded', NO_ROOM[room]);
      return false;
    },
    join: () => (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, held)),
  };
}

const unreadable = ({ message }: Error, packed: boolean): Refusal =>
  packed
    ? refuse(
        'invalid_encoding',
        `The body cannot be decoded as Content-Encoding says: ${message}.`,
        'content-encoding',
      )
    : refuse('invalid_encoding', `The body cannot be read to its end: ${message}.`);

const NO_ROOM = {
  full: 'Too many events are waiting to be stored (MILLRACE_PENDING_BYTES); send this again in a moment.',
  'sender full':
    'More of your events are waiting to be stored than a quarter of MILLRACE_PENDING_BYTES; send this again in a moment.',
};

const tooLarge = (limit: number) =>
  refuse('body_too_large', `The body is larger than ${limit} bytes after decompression; send it in parts.`);
