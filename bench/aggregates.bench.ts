import { writeFile } from 'node:fs/promises';
import type { Aggregate } from '#aggregates/aggregate.ts';
import { callOf, everyAggregate, inputFrom, type LawInput } from '#aggregates/testing/law-inputs.ts';
import { scaled } from './smoke-scale.ts';
import { resultFile } from './write-result.ts';

/**
 * What each aggregate of the registry costs: adding a value, and a reader's merge of a stored state (decode and
 * merge), beside a loop that parses one short JSON line a value, in the same process and run.
 */
const VALUES = scaled(200_000, 2_000);
const GROUPS = 200;
const MERGES = scaled(20, 1);
const ROUNDS = scaled(5, 1);

const numbers = Array.from({ length: VALUES }, (_, i) => 5 + ((i * 7_919) % 40_000) / 7);
const lines = numbers.map((x, i) => `{"event":"checkout","timestamp":${i},"properties":{"latency_ms":${x}}}`);

function inputsOf(aggregate: Aggregate): LawInput[] {
  return numbers.map((x, i) => ({
    // What a sequence adds depends on its events.
    value:
      aggregate.sequence === undefined
        ? { none: undefined, number: x, text: `user ${i % 5_000}`, conditions: i % 4 }[aggregate.input]
        : inputFrom(aggregate, aggregate.input === 'conditions' ? i : x),
    at: { ts: 1_700_000_000_000 + (i >> 3), part: 0, offset: i >> 6, index: i & 63 },
  }));
}

/** Nanoseconds a step, the best of the rounds: noise only ever slows. */
function measure(steps: number, work: () => unknown): number {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    if (work() === undefined) throw new Error('The work came to nothing.');
    best = Math.min(best, ((performance.now() - began) * 1e6) / steps);
  }
  return Number(best.toFixed(1));
}

/** Values go to the groups in turn, as events of many groups do. */
function foldGroups(aggregate: Aggregate, inputs: readonly LawInput[]): unknown[] {
  const states = Array.from({ length: GROUPS }, () => aggregate.create());
  for (const [i, { value, at }] of inputs.entries()) aggregate.add(states[i % GROUPS], value, at);
  return states;
}

const measureParse = (): number =>
  measure(VALUES, () => lines.reduce((n, line) => n + JSON.parse(line).timestamp, 0));

const before = measureParse();
const costs = everyAggregate().map(([name, aggregate]) => {
  const inputs = inputsOf(aggregate);
  const states = foldGroups(aggregate, inputs).map((state) => aggregate.encode(state));
  const add = measure(VALUES, () => foldGroups(aggregate, inputs));
  const merge = measure(GROUPS * MERGES, () => {
    let into = aggregate.create();
    for (let i = 0; i < MERGES; i++) {
      into = aggregate.create();
      for (const state of states) aggregate.merge(into, aggregate.decode(state));
    }
    return aggregate.value(into, callOf(aggregate), 1_000)[0];
  });
  const bytes = Math.round(JSON.stringify(states).length / GROUPS);
  return { name, addNs: add, mergeNs: merge, stateBytes: bytes };
});
// Twice, since what it is compared with took a while.
const parse = Math.min(before, measureParse());
const results = costs.map((cost) => ({ ...cost, addToParse: Number((cost.addNs / parse).toFixed(3)) }));
console.table(results);
console.log(`JSON.parse of a line of ${lines[0]!.length} bytes: ${parse} ns`);
const what = `each aggregate over ${VALUES} values in ${GROUPS} groups, beside JSON.parse`;
await writeFile(
  await resultFile('aggregates'),
  `${JSON.stringify({ what, parseNs: parse, results }, null, 2)}\n`,
);
