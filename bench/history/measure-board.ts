import { setTimeout as sleep } from 'node:timers/promises';
import type { ViewRequest } from '#client/index.ts';
import { eventually } from '../../tests/testing/eventually.ts';
import { startHelper } from '../../tests/testing/helper-process.ts';
import { startBackground, startClicks } from '../bench-traffic.ts';
import { watchFrames } from '../frame-delays.ts';
import { median, rounded } from '../median-of.ts';
import type { Opening } from './board-side.ts';
import type { Cost, MeasuredProcess } from './measured-process.ts';
import { GROUPS, metricOf, visit } from './visits.ts';

export interface BoardOptions {
  seconds: number;
  eventsPerSecond: number;
}

type BoardRow = Cost & {
  phase: string;
  receiptToFrameMs: ReturnType<ReturnType<typeof watchFrames>['delays']['summary']>;
  /** Its share of the quiet phase. */
  toQuiet: { p50: number; p99: number };
  /** Null while no board is opened. */
  board: Awaited<ReturnType<typeof openAgain>> | null;
};

const CLICKS_PER_SECOND = 10;
const CLICKS = 'clicks';
/** Frames of a phase at least, however short it is. */
const FEWEST = 5;
/** Between two openings, ms. */
const PAUSE = 1_000;
const SIDE = new URL('./board-side.ts', import.meta.url);
const LONGEST = 300_000;

/** Twelve panels over the whole history: all of it in several windows, all groups, and single groups. */
const panelsOf = (range: string): ViewRequest[] => [
  ...['1h', '2h', '6h', '1d'].map((window) => ({ metric: metricOf(1), window, range })),
  ...['6h', '1d'].map((window) => ({ metric: metricOf(GROUPS), window, range })),
  ...Array.from({ length: 6 }, (_, i) => ({
    metric: metricOf(GROUPS),
    where: { group: `g${i * 7}` },
    window: '1h',
    range,
  })),
];

/**
 * Single events on a small board, seen by a client without a screen: alone, then beside a rate of events of the history's metrics, then
 * also while someone opens a board of twelve panels over the whole history, closes it and opens it again.
 */
export async function measureBoard(
  { url, cost }: MeasuredProcess,
  range: string,
  { seconds, eventsPerSecond }: BoardOptions,
): Promise<BoardRow[]> {
  await define(url);
  const frames = watchFrames(url, CLICKS);
  const clicks = startClicks(url, CLICKS_PER_SECOND);
  const rows: BoardRow[] = [];
  const phase = async (name: string, work: () => Promise<BoardRow['board']>): Promise<void> => {
    frames.delays.clear();
    await cost();
    const done = await work();
    await eventually(
      () => frames.delays.count,
      (count) => count >= FEWEST,
    );
    const receiptToFrameMs = frames.delays.summary();
    const quiet = rows[0]?.receiptToFrameMs ?? receiptToFrameMs;
    rows.push({
      phase: name,
      receiptToFrameMs,
      toQuiet: {
        p50: rounded(receiptToFrameMs.p50! / quiet.p50!),
        p99: rounded(receiptToFrameMs.p99! / quiet.p99!),
      },
      ...(await cost()),
      board: done,
    });
  };
  try {
    // The first events are slower than all others.
    await sleep(Math.min(3_000, seconds * 1_000));
    await phase('quiet', () => sleep(seconds * 1_000, null));
    const traffic = startBackground(url, eventsPerSecond, (i) => visit(i));
    await phase(`${eventsPerSecond} events/s`, () => sleep(seconds * 1_000, null));
    await phase(`${eventsPerSecond} events/s, and a board of 12 panels over ${range} opened`, () =>
      openAgain(url, panelsOf(range), seconds * 1_000),
    );
    await traffic.stop();
  } finally {
    await clicks.stop();
    await frames.close();
  }
  return rows;
}

/** Opens the board for some time, at least twice. */
async function openAgain(url: string, panels: readonly ViewRequest[], ms: number) {
  const side = startHelper(SIDE, [url]);
  const begun = performance.now();
  const openings: Opening[] = [];
  const isOver = (): boolean => performance.now() - begun > (openings.length < 2 ? LONGEST : ms);
  try {
    while (!isOver()) {
      openings.push(await side.ask<Opening>(panels));
      await sleep(PAUSE);
    }
  } finally {
    await side.close();
  }
  const [first, ...again] = openings.map(({ ms }) => ms);
  return {
    panels: panels.length,
    refused: openings[0]!.refused,
    openings: openings.length,
    firstMs: first!,
    againMs: again.length === 0 ? null : median(again),
  };
}

async function define(url: string): Promise<void> {
  const body = JSON.stringify({ event: 'click', aggregate: 'count', window: '1s' });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/metrics/${CLICKS}`, { method: 'PUT', headers, body });
  if (!answer.ok && answer.status !== 412)
    throw new Error(`${CLICKS}: ${answer.status} ${await answer.text()}`);
}
