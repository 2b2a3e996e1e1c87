import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../tests/testing/eventually.ts';
import { freePort } from '../../tests/testing/free-port.ts';
import { type MillraceProcess, startMillrace } from '../../tests/testing/millrace-process.ts';
import { readSeries } from '../../tests/testing/series.ts';
import { WIDE_LIMITS } from '../../tests/testing/wide-limits.ts';
import { type History, insertArchive } from './archive-rows.ts';
import { untilIdle } from './until-idle.ts';
import { metricsOf } from './visits.ts';

export interface Wish {
  events: number;
  days: number;
  /** Of the metrics, such as `count`. */
  aggregate: string;
  /** The checkout whose process fills the folder: the oldest that shall open it. */
  code: string;
}

/** A data folder with a history that Millrace has counted. */
export interface HistoryFolder extends History {
  data: string;
}

const PARTITIONS = 4;
/** For the back-fill of millions of events in one statement. */
const FILLING = { MILLRACE_STORE_MEMORY: '8000000000', MILLRACE_PARTITIONS: String(PARTITIONS) };
const POLL = 10_000;
const FILLED_WITHIN = 1_800_000;
/** A folder in the cache is used for so long, ms: its history ends when it was made, and what is missing up to now is sent as events. */
const USABLE = 43_200_000;

/** Returns the folder from the cache, or makes it there. */
export async function openHistoryFolder(cache: string, wish: Wish): Promise<HistoryFolder> {
  const { events, days, aggregate } = wish;
  const folder = join(cache, `${events}-events-${days}-days-${aggregate.replaceAll(/[^\w.]+/g, '-')}`);
  const data = join(folder, 'data');
  const note = join(folder, 'end');
  const end = Number(await readFile(note, 'utf8').catch(() => '0'));
  if (Date.now() - end < USABLE) return { data, events, days, end };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const filled = await fillFolder(data, wish);
  // Last, so that a folder without it is not whole.
  await writeFile(note, String(filled.end));
  return filled;
}

/**
 * Makes a data folder whose archive holds the history and whose metrics have counted it by the back-fill of the real process. Only the
 * rows of the archive are written beside it, because millions of events take long over HTTP.
 */
export async function fillFolder(
  data: string,
  { events, days, aggregate, code }: Wish,
): Promise<HistoryFolder> {
  const port = await freePort();
  const run = async (work: (millrace: MillraceProcess) => Promise<void>): Promise<void> => {
    const millrace = await startMillrace({ data, port, code, env: { ...WIDE_LIMITS, ...FILLING } });
    try {
      await work(millrace);
    } catch (error) {
      const said = millrace.output().slice(-2_000);
      throw new Error(`The process that fills the folder (${millrace.ended() ?? 'running'}) said:\n${said}`, {
        cause: error,
      });
    } finally {
      await millrace.stop();
    }
  };
  const end = Date.now();
  // Every partition gets events, and so a commit and offsets above the history's.
  await run(({ url }) =>
    post(
      url,
      Array.from({ length: 64 }, (_, i) => ({ event: 'begin', key: `k${i}` })),
    ),
  );
  await insertArchive(join(data, 'store'), PARTITIONS, { events, days, end });
  await run(async ({ url, pid }) => {
    for (const [id, definition] of Object.entries(metricsOf(aggregate))) await define(url, id, definition);
    await untilIdle(pid);
  });
  return { data, events, days, end };
}

async function post(url: string, events: readonly object[]): Promise<void> {
  const headers = { 'content-type': 'application/x-ndjson' };
  const body = events.map((event) => JSON.stringify(event)).join('\n');
  const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
}

/** Resolves when the metric has counted the whole archive. */
async function define(url: string, id: string, definition: object): Promise<void> {
  const address = `${url}/v1/metrics/${id}`;
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(address, { method: 'PUT', headers, body: JSON.stringify(definition) });
  if (!answer.ok) throw new Error(`${id}: ${answer.status} ${await answer.text()}`);
  const isFilled = async (): Promise<boolean> => {
    const { headers: said } = await fetch(address, { signal: AbortSignal.timeout(POLL) });
    const failing = said.get('millrace-backfill');
    if (failing !== null) console.log(`${id} cannot be filled in yet: ${failing}`);
    const { filled } = await readSeries(url, id, '?range=1m');
    return filled.done === filled.of;
  };
  // A back-fill of millions may keep readers waiting: a question without an answer is asked again.
  await eventually(isFilled, (filled) => filled, FILLED_WITHIN);
}
