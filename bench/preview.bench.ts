/**
 * Previews over the archive of the real embedded process: 10 million events of a day, and ranges of it. How long the first answer takes, and
 * how long it takes until all of the range is there, asked again and again; how long the event loop is held. The reference is the same
 * range of a metric that is saved. `node bench/preview.bench.ts`; `--events`, `--cache <folder>` as in history.bench.ts.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openHistoryFolder } from './history/fill-folder.ts';
import { startMeasured } from './history/measured-process.ts';
import { sendNewest } from './history/send-newest.ts';
import { untilIdle } from './history/until-idle.ts';
import { metricOf, VISIT } from './history/visits.ts';
import { rounded } from './median-of.ts';
import { SMOKE, scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

const { values: options } = parseArgs({
  options: {
    cache: { type: 'string', default: join(tmpdir(), 'millrace-history') },
    events: { type: 'string', default: scaled('10000000', '20000') },
  },
});
const CODE = resolve(import.meta.dirname, '..');
const DEFINITIONS = [
  { aggregate: 'count', groupBy: [] },
  { aggregate: 'count', groupBy: ['group'] },
  { aggregate: 'quantiles(ms, 0.5, 0.99)', groupBy: ['group'] },
];
const RANGES = scaled(['15m', '1h', '1d'], ['15m']);
/** No preview is asked for longer, ms. */
const GIVEN_UP = 300_000;

interface Answer {
  complete: boolean;
  progress: number;
  evaluated: { from: number; to: number } | null;
  events: { matched: number } | null;
}

async function preview(url: string, body: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/preview`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Answer;
}

async function measure(url: string, definition: (typeof DEFINITIONS)[number], range: string) {
  const saved = performance.now();
  const groups = definition.groupBy.length === 0 ? 1 : 100;
  await (await fetch(`${url}/v1/metrics/${metricOf(groups)}/series?range=${range}&window=auto`)).text();
  const savedMs = performance.now() - saved;
  const body = JSON.stringify({
    definition: { event: VISIT, window: '1m', ...definition },
    view: { range, window: 'auto' },
  });
  const began = performance.now();
  const first = await preview(url, body);
  const firstMs = performance.now() - began;
  let last = first;
  while (!last.complete && performance.now() - began < GIVEN_UP) last = await preview(url, body);
  const completeMs = performance.now() - began;
  const part = first.evaluated === null ? 0 : first.evaluated.to - first.evaluated.from;
  return {
    aggregate: definition.aggregate,
    groups,
    range,
    events: last.events?.matched ?? 0,
    firstMs: Math.round(firstMs),
    firstMinutes: rounded(part / 60_000, 1),
    completeMs: Math.round(completeMs),
    savedMs: Math.round(savedMs),
  };
}

const notes = await mkdtemp(join(tmpdir(), 'millrace-preview-'));
try {
  const wish = { events: Number(options.events), days: 1, aggregate: 'count', code: CODE };
  const folder = await openHistoryFolder(resolve(SMOKE ?? options.cache), wish);
  const millrace = await startMeasured({ data: folder.data, code: CODE, notes });
  try {
    await sendNewest(millrace.url, folder);
    await untilIdle(millrace.pid, 1);
    const rows = [];
    for (const range of RANGES) {
      for (const definition of DEFINITIONS) {
        await millrace.cost();
        const row = await measure(millrace.url, definition, range);
        rows.push({ ...row, holdMs: (await millrace.cost()).holdMs });
        console.log(JSON.stringify(rows.at(-1)));
      }
    }
    await writeResult({
      name: 'preview',
      what: 'previews of metrics of 1 and of 100 groups: the first answer, how much of the range it has, and the whole; the same range of a saved metric; the longest turn of the event loop (CPU)',
      command: 'node bench/preview.bench.ts',
      conditions: { archive: `${options.events} events over a day, evenly spread`, profile: 'embedded' },
      rows,
    });
  } finally {
    await millrace.stop();
  }
} finally {
  await rm(notes, { recursive: true, force: true });
}
