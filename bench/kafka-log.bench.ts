/**
 * Blocks of 500 events written to a real broker and read back: the Log's adapter with either client beside the clients
 * alone, in one process, rounds of all four in turn. `node bench/kafka-log.bench.ts [rounds] [blocks a round]`
 * writes results/kafka-log.json; needs Java 17 and Maven, as `npm run kafka` does.
 */
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { encodeBlockHeaders } from '#contracts/log/block.ts';
import { startBroker } from '../infra/kafka/start-broker.ts';
import { createBodies, EVENTS_A_BODY } from './chain-events.ts';
import { openAdapterSide } from './kafka-adapter-side.ts';
import { openKafkajsSide } from './kafka-kafkajs-side.ts';
import { openPlatformaticSide } from './kafka-platformatic-side.ts';
import { type BenchBlock, FETCH, type KafkaSide } from './kafka-side.ts';
import { median, rounded } from './median-of.ts';
import { scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

const ROUNDS = Number(process.argv[2] ?? scaled(5, 1));
const BLOCKS = Number(process.argv[3] ?? scaled(640, 160));
const PARTITIONS = 4;
/** Blocks handed over together, as ingest does with those of many requests. */
const TOGETHER = 32;
const DISTINCT = 40;

if (!(BLOCKS >= 160)) throw new Error('At least 160 blocks a round: fewer come in the first answers.');

interface Figure {
  /** Events a second. */
  rate: number;
  /** CPU of this process, µs an event. */
  cpu: number;
}

type Rounds = Record<'produce' | 'consume', Figure[]>;

const nextBody = createBodies();
const bodies = Array.from({ length: DISTINCT }, nextBody);
const makeBlock = (i: number): BenchBlock => ({
  partition: i % PARTITIONS,
  value: bodies[i % DISTINCT]!,
  headers: encodeBlockHeaders({
    block: randomUUID(),
    received: Date.now(),
    count: EVENTS_A_BODY,
    kind: 'events',
  }),
});

/** Starts the clock; the returned function gives the figures for `blocks` blocks since then. */
function startFigure(): (blocks: number) => Figure {
  const before = process.cpuUsage();
  const began = performance.now();
  return (blocks) => {
    const seconds = (performance.now() - began) / 1_000;
    const { user, system } = process.cpuUsage(before);
    const events = blocks * EVENTS_A_BODY;
    return { rate: events / seconds, cpu: (user + system) / events };
  };
}

async function produce(side: KafkaSide): Promise<Figure> {
  const blocks = Array.from({ length: BLOCKS }, (_, i) => makeBlock(i));
  const figure = startFigure();
  for (let at = 0; at < BLOCKS; at += TOGETHER) await side.write(blocks.slice(at, at + TOGETHER));
  return figure(BLOCKS);
}

/**
 * From the end of the first answer to the last batch: joining a group is not what is measured, and the first answer was
 * fetched and unpacked before it was seen.
 */
async function consume(side: KafkaSide, starts: readonly number[]): Promise<Figure> {
  const { promise, resolve } = Promise.withResolvers<Figure>();
  let clock: { figure: ReturnType<typeof startFigure>; read: number } | null = null;
  let read = 0;
  let bytes = 0;
  const stop = await side.read(starts, (values) => {
    read += values.length;
    for (const value of values) bytes += value.length;
    if (clock === null && bytes >= FETCH.all) clock = { figure: startFigure(), read };
    else if (clock !== null && read === BLOCKS) resolve(clock.figure(BLOCKS - clock.read));
  });
  const figure = await promise;
  await stop();
  const written = Array.from({ length: BLOCKS }, (_, i) => bodies[i % DISTINCT]!.length);
  if (bytes !== written.reduce((sum, n) => sum + n)) throw new Error(`${side.name} read ${bytes} bytes.`);
  return figure;
}

const broker = await startBroker();
const { brokers } = broker;
const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
await admin.connect();
const endsOf = async (topic: string): Promise<number[]> =>
  (await admin.fetchTopicOffsets(topic))
    .sort((a, b) => a.partition - b.partition)
    .map((partition) => Number(partition.high));

// All topics are made by the adapter, so that their settings are equal.
const adapters = await Promise.all([
  openAdapterSide('kafkajs', brokers, PARTITIONS),
  openAdapterSide('platformatic', brokers, PARTITIONS),
]);
const [kafkajs, platformatic] = adapters.map(({ topic }) => topic) as [string, string];
const sides = [
  { side: await openKafkajsSide(brokers, kafkajs), topic: kafkajs },
  { side: adapters[0]!, topic: kafkajs },
  { side: await openPlatformaticSide(brokers, platformatic), topic: platformatic },
  { side: adapters[1]!, topic: platformatic },
];
const rounds = new Map<string, Rounds>(sides.map(({ side }) => [side.name, { produce: [], consume: [] }]));
// The first round warms up.
for (let round = 0; round <= ROUNDS; round++) {
  for (const { side, topic } of sides) {
    const starts = await endsOf(topic);
    const written = await produce(side);
    const read = await consume(side, starts);
    if (round === 0) continue;
    rounds.get(side.name)!.produce.push(written);
    rounds.get(side.name)!.consume.push(read);
  }
}
await Promise.all([...sides.map(({ side }) => side.close()), admin.disconnect()]);
await broker.close();

const reference = rounds.get(sides[0]!.side.name)!;
/** The middle of all rounds; ratios are those of one round each. */
const summary = (of: Rounds, what: keyof Rounds) => ({
  eventsPerSecond: Math.round(median(of[what].map((f) => f.rate))),
  toKafkajs: rounded(median(of[what].map((f, i) => f.rate / reference[what][i]!.rate))),
  cpuUsPerEvent: rounded(median(of[what].map((f) => f.cpu)), 3),
});
const bytes = bodies.reduce((sum, body) => sum + body.length, 0) / (DISTINCT * EVENTS_A_BODY);
await writeResult({
  name: 'kafka-log',
  what: 'blocks written to a real broker and read back, through the adapter of the Log and through the clients alone',
  command: 'node bench/kafka-log.bench.ts',
  conditions: {
    rounds: `median of ${ROUNDS}, all four in turn; toKafkajs is the median of the ratios of a round`,
    blocksARound: BLOCKS,
    eventsABlock: EVENTS_A_BODY,
    bytesAnEvent: Math.round(bytes),
    together: TOGETHER,
    partitions: PARTITIONS,
    acks: 'all, idempotent; one broker',
    sharing: 'the broker and this process share the cores; CPU is that of this process',
    consume: 'from the end of the first 8 MB to the last batch; values are counted, not parsed',
  },
  rows: sides.map(({ side: { name } }) => {
    const of = rounds.get(name)!;
    return { side: name, produce: summary(of, 'produce'), consume: summary(of, 'consume') };
  }),
});
process.exit();
