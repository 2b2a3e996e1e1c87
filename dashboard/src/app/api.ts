import type { Board } from '#contracts/board/board.ts';
import { ok } from '#contracts/errors.ts';
import { isRecord } from '#contracts/is-record.ts';
import type { Scope } from '#contracts/key.ts';
import type { SystemRecord } from '#contracts/log/system-record.ts';
import type { Metric, MetricRules } from '#contracts/metric/metric.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import { ApiError, type Ask, askWithKey, createAsk } from './ask.ts';
import { asksForKey, type PageKey } from './page-key.ts';

/** What the page asks by HTTP. Everything live comes by the client. */
export interface Api {
  /** Any other request: a room reads what it alone asks for. */
  readonly ask: Ask;
  boards(): Promise<BoardEntry[]>;
  /** Null when there is no such board. */
  board(id: string): Promise<Board | null>;
  /** The default window of a metric as text; null when there is no such metric, or the key does not allow it. */
  metricWindow(id: string): Promise<string | null>;
  /** The definition of a metric that counts events; null when there is no such metric, or the key does not allow it. */
  metric(id: string): Promise<Metric | null>;
  /** The ids of the metrics that somebody has defined. */
  metricIds(): Promise<string[]>;
  /** What demo traffic does on this server; null where it is not offered. */
  demo(): Promise<DemoState | null>;
  startDemo(): Promise<void>;
  /** Begins to empty the server, which is away for some seconds. */
  removeDemo(): Promise<void>;
  /** The code with which a key is refused for reading; null where it is taken. */
  tryKey(key: string): Promise<string | null>;
  /** What every process reports of itself. */
  processes(): Promise<SystemRecord[]>;
  keys(): Promise<KeyEntry[]>;
  /** Makes a key, and returns it: it is never shown again. */
  makeKey(name: string, scope: Scope): Promise<string>;
  revokeKey(id: string): Promise<void>;
}

/** A board in the list of all. */
export interface BoardEntry {
  id: string;
  title: string;
  /** The panels of a metric; what is damaged is left out. */
  panels: { id: string; title: string; metric: string }[];
}

/** What is known of a key: not the key. */
export interface KeyEntry {
  id: string;
  name: string;
  scope: string[];
  /** Ids of the metrics it is held to; null: all. */
  metrics: string[] | null;
  /** Epoch ms. */
  created: number | null;
  /** Epoch ms; null: never. */
  expires: number | null;
  /** When it was last used, epoch ms; null: never since that is recorded. Absent where the server does not know now. */
  lastUsed?: number | null;
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

export function createApi(keys: PageKey, base = ''): Api {
  const whole = createAsk(keys, base);
  const ask = async (path: string, method?: string, body?: object): Promise<unknown> =>
    (await whole(path, { method, body })).body;
  const askMetric = (id: string): Promise<unknown> =>
    ask(`/v1/metrics/${encodeURIComponent(id)}`).catch((error: unknown) => {
      // The panel says so itself; the others of its board go on.
      if (error instanceof ApiError && error.code === 'forbidden_metric') return null;
      throw error;
    });
  return {
    ask: whole,
    async boards() {
      const body = await ask(`/v1/boards`);
      if (!isRecord(body) || !Array.isArray(body.boards))
        throw new ApiError('GET /v1/boards: expected a list of boards.');
      return body.boards.filter(isRecord).map(({ id, title, panels }) => ({
        id: String(id),
        title: String(title ?? id),
        panels: Array.isArray(panels) ? panels.flatMap(readPanelEntry) : [],
      }));
    },
    async board(id) {
      // Not every room shows one.
      const loading = import('#contracts/board/board.ts');
      const [body, { readStoredBoard }] = await Promise.all([
        ask(`/v1/boards/${encodeURIComponent(id)}`),
        loading,
      ]);
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
      // Only panels without events ask.
      const { parseMetric } = await import('#contracts/metric/metric.ts');
      const read = parseMetric(id, body, ACCEPTED);
      if (!read.ok) throw new ApiError(`Metric ${id}: ${read.fault.message}`);
      return read.value;
    },
    async metricIds() {
      const body = await ask(`/v1/metrics`);
      if (!isRecord(body) || !Array.isArray(body.metrics))
        throw new ApiError('GET /v1/metrics: expected a list of metrics.');
      // Those of the instance itself begin with a sign.
      const ids = body.metrics.filter(isRecord).map(({ id }) => String(id));
      return ids.filter((id) => !id.startsWith('$'));
    },
    async demo() {
      const body = await ask(`/v1/demo`);
      return isRecord(body) ? readDemo(body) : null;
    },
    async startDemo() {
      await ask(`/v1/demo`, 'POST');
    },
    async removeDemo() {
      await ask(`/v1/demo`, 'DELETE');
    },
    async tryKey(key) {
      try {
        await askWithKey(key, `${base}/v1/boards`);
        return null;
      } catch (error) {
        if (error instanceof ApiError && error.code !== null && isRefusal(error.code)) return error.code;
        throw error;
      }
    },
    async processes() {
      const loading = import('#contracts/log/system-record.ts');
      const [body, { SYSTEM_RECORD }] = await Promise.all([ask(`/v1/status`), loading]);
      if (!isRecord(body) || !Array.isArray(body.processes))
        throw new ApiError('GET /v1/status: expected a list of processes.');
      // One of another version may report differently; what the others say still holds.
      return body.processes.flatMap((raw) => {
        const read = readAs(SYSTEM_RECORD, raw, { code: 'invalid_message' });
        return read.ok ? [read.value] : [];
      });
    },
    async keys() {
      const body = await ask(`/v1/keys`);
      if (!isRecord(body) || !Array.isArray(body.keys))
        throw new ApiError('GET /v1/keys: expected a list of keys.');
      return body.keys.filter(isRecord).map(readKeyEntry);
    },
    async makeKey(name, scope) {
      const body = await ask(`/v1/keys`, 'POST', { name, scope });
      if (!isRecord(body) || typeof body.key !== 'string')
        throw new ApiError('POST /v1/keys: expected the key.');
      return body.key;
    },
    async revokeKey(id) {
      await ask(`/v1/keys/${encodeURIComponent(id)}`, 'DELETE');
    },
  };
}

const isRefusal = (code: string): boolean => asksForKey(code) || code.startsWith('forbidden_');

const textOf = <T>(value: unknown, otherwise: T): string | T =>
  typeof value === 'string' ? value : otherwise;

function readPanelEntry(raw: unknown): BoardEntry['panels'] {
  if (!isRecord(raw) || typeof raw.id !== 'string' || !isRecord(raw.view)) return [];
  const { metric } = raw.view;
  return typeof metric === 'string' ? [{ id: raw.id, title: textOf(raw.title, ''), metric }] : [];
}

function readKeyEntry({
  id,
  name,
  scope,
  metrics,
  created,
  expires,
  lastUsed,
}: Record<string, unknown>): KeyEntry {
  const time = (value: unknown): number | null =>
    typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? Date.parse(value) : null;
  return {
    id: String(id),
    name: textOf(name, ''),
    scope: [scope].flat().map(String),
    metrics: Array.isArray(metrics) ? metrics.map(String) : null,
    created: time(created),
    expires: time(expires),
    ...(lastUsed === undefined ? {} : { lastUsed: time(lastUsed) }),
  };
}

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
