import { type Board, readStoredBoard } from '#contracts/board/board.ts';
import { ok } from '#contracts/errors.ts';
import { isRecord } from '#contracts/is-record.ts';
import { type Metric, type MetricRules, parseMetric } from '#contracts/metric/metric.ts';
import { asksForKey, keyLabel, type PageKey } from './page-key.ts';

/** What the page asks by HTTP. Everything live comes by the client. */
export interface Api {
  /** Ids and titles of all boards. */
  boards(): Promise<{ id: string; title: string }[]>;
  /** Null when there is no such board. */
  board(id: string): Promise<Board | null>;
  /** The default window of a metric as text; null when there is no such metric, or the key does not allow it. */
  metricWindow(id: string): Promise<string | null>;
  /** The definition of a metric that counts events; null when there is no such metric, or the key does not allow it. */
  metric(id: string): Promise<Metric | null>;
  /** What demo traffic does on this server; null where it is not offered. */
  demo(): Promise<DemoState | null>;
  startDemo(): Promise<void>;
  /** Begins to empty the server, which is away for some seconds. */
  removeDemo(): Promise<void>;
  /** The code with which a key is refused for reading; null where it is taken. */
  tryKey(key: string): Promise<string | null>;
}

/** Accepts every stored definition: the server has already checked its aggregate and its lateness. */
const ACCEPTED: MetricRules = { checkAggregate: ok, horizon: Number.MAX_SAFE_INTEGER, stored: true };

export interface DemoState {
  running: boolean;
  /** Whether its history is still being sent: what is counted so far is a part of it. */
  arriving: boolean;
  /** Events sent and acknowledged since the start. */
  sent: number;
  board: string | null;
  message: string;
  /** Whether there is demo data, and nothing else. */
  removable: boolean;
}

/** A failed request, in words for the reader. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Of the problem details; null where there were none. */
  readonly code: string | null;

  constructor(message: string, code: string | null = null) {
    super(message);
    this.code = code;
  }
}

export function createApi(keys: PageKey, base = ''): Api {
  const ask = (url: string, method = 'GET') => askWith(keys, url, method);
  const askMetric = (id: string): Promise<unknown> =>
    ask(`${base}/v1/metrics/${encodeURIComponent(id)}`).catch((error: unknown) => {
      // The panel says so itself; the others of its board go on.
      if (error instanceof ApiError && error.code === 'forbidden_metric') return null;
      throw error;
    });
  return {
    async boards() {
      const body = await ask(`${base}/v1/boards`);
      if (!isRecord(body) || !Array.isArray(body.boards))
        throw new ApiError('GET /v1/boards: expected a list of boards.');
      return body.boards.filter(isRecord).map(({ id, title }) => ({
        id: String(id),
        title: String(title ?? id),
      }));
    },
    async board(id) {
      const body = await ask(`${base}/v1/boards/${encodeURIComponent(id)}`);
      if (body === null) return null;
      const read = readStoredBoard(id, body);
      if (!read.ok) throw new ApiError(`Board ${id}: ${read.fault.message}`);
      return read.value;
    },
    async metricWindow(id) {
      const body = await askMetric(id);
      return isRecord(body) ? textOf(body.window, null) : null;
    },
    async metric(id) {
      const body = await askMetric(id);
      // One that is computed from others has no events to give an example of.
      if (body === null || (isRecord(body) && body.expression !== undefined)) return null;
      const read = parseMetric(id, body, ACCEPTED);
      if (!read.ok) throw new ApiError(`Metric ${id}: ${read.fault.message}`);
      return read.value;
    },
    async demo() {
      const body = await ask(`${base}/v1/demo`);
      return isRecord(body) ? readDemo(body) : null;
    },
    async startDemo() {
      await ask(`${base}/v1/demo`, 'POST');
    },
    async removeDemo() {
      await ask(`${base}/v1/demo`, 'DELETE');
    },
    async tryKey(key) {
      try {
        await readAnswer(await send(`${base}/v1/boards`, 'GET', key));
        return null;
      } catch (error) {
        if (error instanceof ApiError && error.code !== null && isRefusal(error.code)) return error.code;
        throw error;
      }
    },
  };
}

/** Returns the JSON answer; null for 404. Other refusals become an error with the text of the problem details. */
async function askWith(keys: PageKey, url: string, method: string): Promise<unknown> {
  const shown = keys.current;
  try {
    return await readAnswer(await send(url, method, shown));
  } catch (error) {
    if (error instanceof ApiError && error.code !== null) keys.refused(shown, error.code);
    throw error;
  }
}

function send(url: string, method: string, key: string | null): Promise<Response> {
  const headers = { accept: 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
  return fetch(url, { method, headers });
}

async function readAnswer(response: Response): Promise<unknown> {
  if (response.status === 404) return null;
  const text = await response.text();
  const body: unknown = text === '' ? {} : parse(text, response.url);
  if (response.ok) return body;
  const { detail, title, code } = isRecord(body) ? body : {};
  const known = textOf(code, null);
  // The server's own text is meant for programs.
  if (known !== null && asksForKey(known)) throw new ApiError(keyLabel(known), known);
  const message = textOf(detail, textOf(title, `${response.url}: HTTP ${response.status}.`));
  throw new ApiError(message, known);
}

const isRefusal = (code: string): boolean => asksForKey(code) || code.startsWith('forbidden_');

function parse(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(`${url}: the answer is not JSON.`);
  }
}

const textOf = <T>(value: unknown, otherwise: T): string | T =>
  typeof value === 'string' ? value : otherwise;

function readDemo({ phase, sent, board, message, removable }: Record<string, unknown>): DemoState {
  return {
    running: typeof phase === 'string' && phase !== 'off' && phase !== 'failed',
    arriving: phase === 'defining' || phase === 'history',
    sent: typeof sent === 'number' ? sent : 0,
    board: textOf(board, null),
    message: textOf(message, ''),
    removable: removable === true,
  };
}
