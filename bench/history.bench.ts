/**
 * Reading long histories from the real embedded process: 10 million events over 30 days, and a million over a year, as metrics of 1 and
 * of 100 groups. How long each range takes at each window, cold and warm, over HTTP and by a socket; how long the event loop is held,
 * and how much memory it takes; a board of 12 panels over all of it, opened beside 1,000 events a second.
 * `node bench/history.bench.ts` measures this checkout (results/history-after.json); `--against <folder>` measures an older checkout
 * before it, on a copy of the same data (results/history-before.json), and prints both in one table.
 * `--label before` names the results otherwise, `--cache <folder>` is where the data is kept, `--events`, `--rounds`, `--warm`,
 * `--aggregate 'p99(ms)'`, `--only views,year,board`, `--ranges 7d,30d` and `--windows 10m,1h` say what is measured. Rows of a result that are not measured
 * anew stay in it; `--only table` measures nothing and prints the table.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compareHistory, mergeRows, readHistory } from './history/compare-history.ts';
import { type HistoryFolder, openHistoryFolder } from './history/fill-folder.ts';
import { measureBoard } from './history/measure-board.ts';
import { measureView, type ViewRow } from './history/measure-views.ts';
import { type MeasuredProcess, startMeasured } from './history/measured-process.ts';
import { sendNewest } from './history/send-newest.ts';
import { untilIdle } from './history/until-idle.ts';
import { GROUPS } from './history/visits.ts';
import { SMOKE, scaled } from './smoke-scale.ts';
import { writeResult } from './write-result.ts';

const text = (given: string) => ({ type: 'string', default: given }) as const;
const { values: options } = parseArgs({
  options: {
    label: text('after'),
    against: { type: 'string' },
    cache: text(join(tmpdir(), 'millrace-history')),
    events: text(scaled('10000000', '20000')),
    rounds: text(scaled('6', '1')),
    warm: text(scaled('5', '1')),
    aggregate: text('count'),
    only: text('views,year,board'),
    ranges: text(scaled('1h,1d,7d,30d', '1d')),
    windows: text(scaled('1m,10m,1h,1d,auto', '1h')),
  },
});
const HERE = resolve(import.meta.dirname, '..');
const ROUNDS = { cold: Number(options.rounds), warm: Number(options.warm) };
const EVENTS = Number(options.events);
const PARTS = options.only.split(',');

const MONTH = {
  days: 30,
  events: EVENTS,
  range: '30d',
  ranges: options.ranges.split(','),
  windows: options.windows.split(','),
};
const YEAR = {
  days: 365,
  events: Math.ceil(EVENTS / 10),
  ranges: ['365d'],
  windows: scaled(['1h', '1d', 'auto'], ['1d']),
};
const BOARD = { seconds: scaled(30, 1), eventsPerSecond: 1_000 };
/** ms after which the newest events are sent again before something is measured: the shortest range begins an hour ago. */
const STALE = 300_000;

/** A copy of a filled folder that processes of one checkout work on, one after the other. */
async function prepare(folder: HistoryFolder, code: string, notes: string) {
  const data = await mkdtemp(join(notes, 'data-'));
  // The files of the log are sparse.
  await run('cp', ['-a', '--sparse=always', `${folder.data}/.`, data]);
  let { end } = folder;
  const start = async (): Promise<MeasuredProcess> => {
    const millrace = await startMeasured({ data, code, notes });
    if (Date.now() - end > STALE) end = await sendNewest(millrace.url, { ...folder, end });
    await untilIdle(millrace.pid, 1);
    await millrace.cost();
    return millrace;
  };
  // What a newer version does once with older data is over before anything is measured.
  const first = await startMeasured({ data, code, notes });
  end = await sendNewest(first.url, folder);
  await untilIdle(first.pid, scaled(90, 1));
  await first.stop();
  return { start, remove: () => rm(data, { recursive: true, force: true }) };
}

/** Measures all windows of all ranges, and writes them range by range. */
async function measureViews(
  label: string,
  { ranges, windows }: Pick<typeof MONTH, 'ranges' | 'windows'>,
  start: () => Promise<MeasuredProcess>,
): Promise<void> {
  for (const range of ranges) {
    const rows: ViewRow[] = [];
    for (const window of windows) {
      for (const groups of [1, GROUPS]) {
        rows.push(await measureView({ groups, range, window }, ROUNDS, start));
        console.log(JSON.stringify(rows.at(-1)));
      }
    }
    await writeViews(label, rows);
  }
}

/** Measures one checkout and writes its results. */
async function measure(label: string, code: string, oldest: string, notes: string): Promise<void> {
  const fill = (of: { events: number; days: number }): Promise<HistoryFolder> =>
    openHistoryFolder(resolve(SMOKE ?? options.cache), { ...of, aggregate: options.aggregate, code: oldest });
  if (PARTS.includes('views') || PARTS.includes('board')) {
    const month = await prepare(await fill(MONTH), code, notes);
    if (PARTS.includes('board')) await writeBoard(label, month.start);
    if (PARTS.includes('views')) await measureViews(label, MONTH, month.start);
    await month.remove();
  }
  if (PARTS.includes('year')) {
    const year = await prepare(await fill(YEAR), code, notes);
    await measureViews(label, YEAR, year.start);
    await year.remove();
  }
}

const conditions = {
  history: `${EVENTS} events over 30 days, ${YEAR.events} over 365, evenly spread; panes of 1 s, ${options.aggregate}`,
  profile: 'embedded: one process, LMDB and chDB, default settings but for the limits on callers',
};

/** A run of some ranges keeps the others. */
async function writeViews(label: string, measured: readonly ViewRow[]): Promise<void> {
  const name = `history-${label}`;
  const rows = mergeRows(await readHistory(name).catch(() => []), measured);
  await writeResult({
    name,
    what: 'answers over long histories of 1 and of 100 groups, cold (the first of a process) and again, by the clock; the longest turn of the event loop (CPU), the longest delay of a timer of 20 ms (clock), the peak of memory above the value before',
    command: 'node bench/history.bench.ts',
    conditions: {
      ...conditions,
      rounds: `${ROUNDS.cold} processes a view, cold by HTTP and socket in turn; each asked again ${ROUNDS.warm} times by both`,
      answer: 'the code of a refusal is printed as it is',
    },
    rows,
  });
}

async function writeBoard(label: string, start: () => Promise<MeasuredProcess>): Promise<void> {
  const millrace = await start();
  try {
    await writeResult({
      name: `history-board-${label}`,
      what: 'receipt of an event to the frame of a second, small board: quiet, beside events, and beside a board of 12 panels over 30 days that is opened again and again (until all views are answered)',
      command: 'node bench/history.bench.ts',
      conditions: { ...conditions, secondsAPhase: BOARD.seconds },
      rows: await measureBoard(millrace, MONTH.range, BOARD),
    });
  } finally {
    await millrace.stop();
  }
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const [code] = await once(spawn(command, args, { stdio: 'inherit' }), 'exit');
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
}

const notes = await mkdtemp(join(tmpdir(), 'millrace-history-'));
try {
  const old = options.against === undefined ? null : resolve(options.against);
  if (old !== null) await measure('before', old, old, notes);
  await measure(options.label, HERE, old ?? HERE, notes);
  if (old !== null || PARTS.includes('table'))
    console.log(await compareHistory('history-before', `history-${options.label}`));
} finally {
  await rm(notes, { recursive: true, force: true });
}
