import type { Random } from '../sim/random.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { abyss, oddJson } from './odd-values.ts';

/** One message as a client of Socket.IO emits it. */
export interface MessageCase {
  event: string;
  args: unknown[];
  /** Whether it asks for an acknowledgement. */
  asks: boolean;
}

const VALID: readonly [string, string][] = [
  ['subscribe', '{"request":{"metric":"good","range":"1m"}}'],
  ['subscribe', '{"request":{"metric":"good","groupBy":[],"window":"2s","range":"2m","where":{}}}'],
  ['subscribe', '{"request":{"metric":"good"},"cursor":{"epoch":"x","offset":3,"end":9},"version":1}'],
  ['unsubscribe', '{"view":"good"}'],
  ['ack', '{"to":7}'],
  ['tail', '{"on":true}'],
  ['tail', '{"on":false}'],
  ['auth', '{"key":"mr_0123456789ab_0123456789abcdef0123456789abcdef0123456789abcdef"}'],
];
const NAMES = [
  '',
  '__proto__',
  'constructor',
  'frame',
  'message',
  'Subscribe',
  'x'.repeat(2_000),
  'beat',
  '\0',
];

/** Replaces some value of a JSON text by an odd one, or adds a field. */
function mutateJson(text: string, random: Random): string {
  const values = [...text.matchAll(/(?<=[:[,])("[^"]*"|\d+|true|false|\[\]|\{\})|^\{.*\}$/g)];
  const { 0: value, index } = random.pick(values);
  const odd = oddJson(random);
  if (random.below(3) === 0) return `{"__proto__":${odd},${text.slice(1)}`;
  return text.slice(0, index) + odd + text.slice(index + value.length);
}

export function messageCase(random: Random): MessageCase {
  const [event, text] = random.pick(VALID);
  const asks = random.below(3) > 0;
  const kind = random.below(8);
  const plain: unknown[] = [JSON.parse(text)];
  if (kind === 0) return { event: random.pick(NAMES), args: plain, asks };
  if (kind === 1) return { event, args: random.pick([[], [null, null], [plain[0], 7, [8]], [plain]]), asks };
  if (kind === 2) return { event, args: [Buffer.from(text), { view: Buffer.alloc(9) }], asks };
  if (kind === 3)
    return { event, args: [{ ...(plain[0] as object), extra: Buffer.alloc(random.below(99)) }], asks };
  if (kind === 4) return { event, args: plain, asks };
  return { event, args: [JSON.parse(mutateJson(text, random))], asks };
}

/** Texts of Engine.IO packets that a right client sends, to be made wrong. */
const PACKETS = [
  '40',
  '40{"key":"mr_0123456789ab_0123456789abcdef0123456789abcdef0123456789abcdef"}',
  '40/other,{"a":1}',
  '41',
  '42["ack",{"to":1}]',
  '421["subscribe",{"request":{"metric":"good"}}]',
  '431[{"ok":true}]',
  '44{"message":"x"}',
  '451-["ack",{"_placeholder":true,"num":0}]',
  '2probe',
  '3',
  '5',
  '6',
  '42["disconnect"]',
  '42["__proto__",{"__proto__":1}]',
  '45999999999-["ack"]',
];

const DEEP = [
  () => `40{"key":${abyss()}}`,
  () => `421["subscribe",{"request":{"metric":"good","where":{"a":${abyss()}}}}]`,
  () => `421["subscribe",{"request":${abyss()}}]`,
  () => `42["ack",${abyss()}]`,
  () => `42[${abyss()}]`,
  () => `42["ack","${'x'.repeat(120_000)}"]`,
];

/** A packet that no client sends: text, or binary that belongs to nothing. */
export function packetCase(random: Random): string | Buffer {
  if (random.below(50) === 0) return random.pick(DEEP)();
  const packet = Buffer.from(random.pick(PACKETS));
  const wrong = random.below(4) === 0 ? packet : mutateBytes(packet, random);
  return random.below(6) === 0 ? wrong : wrong.toString();
}
