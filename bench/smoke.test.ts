import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../tests/e2e/chromium.ts';
import { type ExpectedColumns, runSmoke } from './run-smoke.ts';
import { KAFKA_BENCHES } from './smoke-kafka.ts';

const SIDE = ['framesPerSecond', 'cpuMicrosPerFrame', 'delayP99Ms', 'loadCpu', 'frameBytes'];
const SIDES = [
  ...['gateway', 'plain'].flatMap((side) => SIDE.map((column) => `${side}.${column}`)),
  ...['rateRatio', 'cpuRatio', 'delayRatio'],
];

const BENCHES: Record<string, ExpectedColumns> = {
  aggregates: { aggregates: ['addNs', 'mergeNs', 'stateBytes', 'addToParse'] },
  'archive-shape': {
    'archive-shape': [
      'now.insertsPerSecond',
      'now.bytesPerEvent',
      'now.filesOfAPart',
      'ratios.inserts',
      'ratios.bytes',
    ],
  },
  'built-in': { 'built-in': ['metrics', 'eventsPerSecond', 'without', 'ratio'] },
  bytes: { bytes: ['series', 'frameBytes', 'snapshotBytes', 'bytesPerChange', 'frameToSnapshot'] },
  chain: {
    chain: ['rate', 'acknowledged', 'behindMs', 'refused', 'answerMs.p50', 'cpuUsPerEvent', 'cores.all'],
  },
  connections: {
    connections: ['rssKB', 'heapKB', 'connectCpuMicros', 'frameCpuMicros', 'rssToPlain', 'heapToPlain'],
  },
  curves: {
    'curve-metrics': ['metrics', 'foldNsPerEvent', 'nsPerEventAndMetric'],
    'curve-groups': ['groups', 'foldNsPerEvent', 'applyMs', 'frameMs', 'frameBytes'],
  },
  events: { events: ['found', 'ms', 'cpuMs', 'referenceMs', 'ratio'] },
  'fan-out': { 'fan-out': ['sockets', ...SIDES] },
  'fan-out-curve': { 'curve-connections': ['connections', 'everyMs', ...SIDES] },
  fold: { fold: ['metrics', 'eventsPerSecond', 'ratio'] },
  'fold-beside-sql': {
    'fold-beside-sql': ['metrics', 'fold', 'sqlSameState', 'sqlNativeSketches', 'sqlNativeOnceAnId', 'ratio'],
  },
  history: {
    'history-after': ['windows', 'values', 'coldMs.p50', 'warmMs.p95', 'socketMs.p50', 'holdMs', 'growthMB'],
    'history-board-after': ['receiptToFrameMs.p50', 'toQuiet.p99', 'holdMs', 'growthMB'],
  },
  ingest: { ingest: ['emptyRoute', 'ingest', 'ratio', 'cpuRatio', 'cpuMicrosecondsPerEvent'] },
  'socket-internals': {
    'socket-internals': [
      'with.cpuMicrosPerFrame',
      'without.cpuMicrosPerFrame',
      'with.heapKB',
      'ratio.cpuMicrosPerFrame',
    ],
  },
  'start-up': { 'start-up': ['readyMs', 'toNode'] },
  preview: { preview: ['events', 'firstMs', 'completeMs', 'savedMs', 'holdMs'] },
};
const IN_A_BROWSER: Record<string, ExpectedColumns> = {
  'event-to-pixel': { 'event-to-pixel': ['clicks', 'receiptToFrameMs.p50', 'postToAnswerMs.p50'] },
  hostile: {
    hostile: ['eventToPixelMs.p50', 'eventToPixelMs.p99', 'postMs.p50', 'memoryMB.peak', 'timesQuiet.p50'],
  },
  page: { page: ['cpuMsPerS', 'ticksPerS', 'longTasks'] },
};

describe('a short run yields the figures', () => {
  it.each(Object.entries(BENCHES))('of %s', runSmoke);

  const found = findChromium();
  it.skipIf(!found).each(Object.entries(IN_A_BROWSER))(`of %s${found ? '' : ` (${NO_CHROMIUM})`}`, runSmoke);
});

it('covers every bench', () => {
  const benches = globSync('*.bench.ts', { cwd: import.meta.dirname }).map((name) => name.slice(0, -9));
  const covered = [BENCHES, IN_A_BROWSER, KAFKA_BENCHES].flatMap((some) => Object.keys(some));
  expect(covered.toSorted()).toEqual(benches.toSorted());
});
