import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createZstdDecompress } from 'node:zlib';
import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import type { ByteBudget } from './byte-budget.ts';

export interface EncodedBody {
  /** Whose share of the budget it takes. */
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
  held: number;
}

const DECODERS: Record<string, (() => Transform) | null> = {
  '': null,
  identity: null,
  gzip: createGunzip,
  'x-gzip': createGunzip,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** Reads and decompresses a body, never holding more than `limit` bytes of it, whatever a bomb would grow to. */
export async function readBody(body: EncodedBody, limit: number, budget: ByteBudget): Promise<ReadBody> {
  const encoding = (body.encoding ?? '').trim().toLowerCase();
  const decoder = DECODERS[encoding];
  if (decoder === undefined || !Object.hasOwn(DECODERS, encoding)) {
    const message = `Content-Encoding ${shown(body.encoding)} is not known; gzip, br and zstd are.`;
    return { result: refuse('unsupported_encoding', message, 'content-encoding'), held: 0 };
  }
  if (body.length !== null && body.length > limit) return { result: tooLarge(limit), held: 0 };
  const { sender } = body;
  if (decoder === null) return collect(body.stream, sender, limit, budget);
  const decoded = decoder();
  decode(body.stream, decoded);
  const read = await collect(decoded, sender, limit, budget);
  // After a refusal the rest of a bomb must not be decompressed.
  body.stream.unpipe(decoded);
  decoded.destroy();
  return read;
}

/** `pipe` and not `pipeline`: a fault of the decoder must not destroy the request, or there is nobody to tell. */
function decode(source: Readable, decoder: Transform): void {
  // The reader meets the error; without a listener one that comes after the reader has left would end the process.
  decoder.on('error', () => {});
  source.once('error', (error) => decoder.destroy(error));
  source.once('close', () => {
    if (!source.readableEnded) decoder.destroy(new Error('The connection ended before the body did.'));
  });
  source.pipe(decoder);
}

async function collect(
  stream: Readable,
  sender: string,
  limit: number,
  budget: ByteBudget,
): Promise<ReadBody> {
  const chunks: Buffer[] = [];
  let held = 0;
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (held + chunk.length > limit) return { result: tooLarge(limit), held };
      const room = budget.take(sender, chunk.length);
      if (room !== 'taken') return { result: refuse('overloaded', NO_ROOM[room]), held };
      held += chunk.length;
      chunks.push(chunk);
    }
  } catch (error) {
    const message = `The body cannot be read to its end: ${(error as Error).message}.`;
    return { result: refuse('invalid_encoding', message, 'content-encoding'), held };
  }
  return { result: ok(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, held)), held };
}

const NO_ROOM = {
  full: 'More events are waiting to be stored than fit (MILLRACE_PENDING_BYTES); send this again in a moment.',
  'sender full':
    'More of your events are waiting to be stored than a quarter of MILLRACE_PENDING_BYTES; send this again in a moment.',
};

const tooLarge = (limit: number) =>
  refuse('body_too_large', `The body is larger than ${limit} bytes after decompression; send it in parts.`);
