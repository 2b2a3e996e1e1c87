import type { Random } from '../sim/random.ts';

type Mutation = (bytes: Buffer, random: Random) => Buffer;

/** Bytes that mean something in JSON, HTTP or UTF-8, and some that are never valid there. */
const TELLING = ['"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\r', '\0', ' ', '-', '0', 'e', '\\u'];
const BROKEN = [
  [0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xe2, 0x82],
  [0xef, 0xbb, 0xbf],
  [0x80],
];

const spliced = (bytes: Buffer, at: number, drop: number, put: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + drop)]);

const flipBits: Mutation = (bytes, random) => {
  const out = Buffer.from(bytes);
  for (let i = random.below(3); i >= 0 && out.length > 0; i--) {
    const at = random.below(out.length);
    out[at] = out[at]! ^ (1 << random.below(8));
  }
  return out;
};

const truncate: Mutation = (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1));
const behead: Mutation = (bytes, random) => bytes.subarray(random.below(Math.min(bytes.length, 40) + 1));
const remove: Mutation = (bytes, random) =>
  spliced(bytes, random.below(bytes.length + 1), 1 + random.below(8), Buffer.alloc(0));

const repeatPart: Mutation = (bytes, random) => {
  const from = random.below(bytes.length + 1);
  const part = bytes.subarray(from, from + 1 + random.below(60));
  return spliced(bytes, random.below(bytes.length + 1), 0, part);
};

const insertTelling: Mutation = (bytes, random) =>
  spliced(bytes, random.below(bytes.length + 1), random.below(2), Buffer.from(random.pick(TELLING)));
const insertBroken: Mutation = (bytes, random) =>
  spliced(bytes, random.below(bytes.length + 1), 0, Uint8Array.from(random.pick(BROKEN)));
const doubled: Mutation = (bytes) => Buffer.concat([bytes, bytes]);
const garbage: Mutation = (_, random) => Buffer.from(Array.from({ length: 64 }, () => random.below(256)));

const MUTATIONS = [
  flipBits,
  flipBits,
  truncate,
  behead,
  remove,
  repeatPart,
  insertTelling,
  insertBroken,
  doubled,
  garbage,
];

/** Some bytes made wrong, most of the time: by chance the outcome may still be right. */
export const mutateBytes: Mutation = (bytes, random) => random.pick(MUTATIONS)(bytes, random);
