import type { Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createZstdDecompress } from 'node:zlib';
import { ok, type Result, refuse, shown } from '#contracts/errors.ts';

/** Unpacks a body in the order of its bytes. */
export interface Unpacker {
  /** Resolves when all of the bytes are unpacked and given on. Rejects where they are not of the encoding. */
  push(bytes: Buffer): Promise<void>;
  /** Resolves when all is given on; rejects where the body is cut short. */
  end(): Promise<void>;
  /** Unpacks nothing more of what was pushed. */
  stop(): void;
}

interface Encoding {
  create(): Transform;
  /** Whether the body may be several of what one decoder reads, one behind the other. */
  repeats: boolean;
}

const CHUNK = 65_536;
/** The largest window that a sender may use over HTTP, 8 MB (RFC 9659): a frame says how much memory it takes. */
const ZSTD_WINDOW_LOG = 23;
/** Each one is a decoder of its own. */
const MAX_FRAMES = 1_000;

const gzip: Encoding = { create: () => createGunzip({ chunkSize: CHUNK }), repeats: false };
const ENCODINGS: ReadonlyMap<string, Encoding> = new Map([
  // Members one behind the other are read by zlib itself.
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['br', { create: () => createBrotliDecompress({ chunkSize: CHUNK }), repeats: false }],
  [
    'zstd',
    {
      create: () =>
        createZstdDecompress({
          chunkSize: CHUNK,
          params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG },
        }),
      repeats: true,
    },
  ],
]);

/** What Content-Encoding names; null where the body is sent as it is. */
export function readEncoding(header: string | undefined): Result<Encoding | null> {
  const names = (header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  const [name] = names;
  if (name === undefined) return ok(null);
  const encoding = ENCODINGS.get(name);
  if (encoding !== undefined && names.length === 1) return ok(encoding);
  const why = names.length > 1 ? 'is more than one; compress a body once' : 'is not known';
  const message = `Content-Encoding ${shown(header)} ${why}; there are gzip, br and zstd.`;
  return refuse('unsupported_encoding', message, 'content-encoding');
}

/**
 * Gives the unpacked bytes to `give`, in pieces. All of the body is read or the whole is refused: bytes after the end of
 * the compressed data, which decoders ignore, are a fault too.
 */
export function createUnpacker({ create, repeats }: Encoding, give: (bytes: Buffer) => void): Unpacker {
  let decoder = begin(create, give);
  let frames = 1;
  return {
    async push(bytes) {
      let rest = bytes;
      for (;;) {
        const before = decoder.bytesWritten;
        const ended = await write(decoder, rest);
        rest = rest.subarray(decoder.bytesWritten - before);
        if (!ended) return;
        if (!repeats) throw new Error('bytes follow the end of the compressed data');
        if (++frames > MAX_FRAMES) throw new Error(`more than ${MAX_FRAMES} frames follow each other`);
        decoder = begin(create, give);
      }
    },
    async end() {
      await finish(decoder);
    },
    stop: () => void decoder.destroy(),
  };
}

type Decoder = Transform & { bytesWritten: number };

function begin(create: () => Transform, give: (bytes: Buffer) => void): Decoder {
  const decoder = create() as Decoder;
  decoder.on('data', give);
  // `outcome` reports the error; one that comes later would end the process without this listener.
  decoder.on('error', () => {});
  return decoder;
}

/** Whether the decoder has ended, maybe before the end of the bytes. */
const write = (decoder: Decoder, bytes: Buffer): Promise<boolean> =>
  outcome(decoder, (resolve) =>
    decoder.write(bytes, (error) => {
      if (error === null || error === undefined) resolve(false);
    }),
  );

const finish = (decoder: Decoder): Promise<boolean> => outcome(decoder, () => decoder.end());

/** True when the decoder ends, or what `start` resolves; rejects when it fails or is stopped before. */
function outcome(decoder: Decoder, start: (resolve: (ended: boolean) => void) => void): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const ended = (): void => resolve(true);
  const closed = (): void => reject(new Error('it was stopped'));
  decoder.once('end', ended).once('error', reject).once('close', closed);
  start(resolve);
  return promise.finally(() => decoder.off('end', ended).off('error', reject).off('close', closed));
}
