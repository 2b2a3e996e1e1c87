import { isRecord } from '#contracts/is-record.ts';
import { asksForKey, keyLabel, type PageKey } from './page-key.ts';

/** A request to the server beyond its address. */
export interface Asked {
  /** Default: GET. */
  method?: string | undefined;
  /** An object is sent as JSON; a text as YAML. */
  body?: object | string | undefined;
  /** The ETag that must still hold. */
  ifMatch?: string | undefined;
  /** Whether nothing may be there yet. */
  isNew?: boolean | undefined;
  signal?: AbortSignal | undefined;
  /** In place of the page's key. */
  key?: string | undefined;
}

export interface Answer {
  status: number;
  /** What the JSON says; null for 404. */
  body: unknown;
  headers: Headers;
}

/** Asks the server with the page's key. A refusal other than 404 is an `ApiError`. */
export type Ask = (path: string, asked?: Asked) => Promise<Answer>;

/** A failed request, in words for the reader. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Of the problem details; null where there were none. */
  readonly code: string | null;
  /** The field or parameter that was refused. */
  readonly field: string | null;

  constructor(message: string, code: string | null = null, field: string | null = null) {
    super(message);
    this.code = code;
    this.field = field;
  }
}

export const createAsk =
  (keys: PageKey, base = ''): Ask =>
  async (path, asked = {}) => {
    const shown = asked.key ?? keys.current;
    try {
      return await readAnswer(await send(`${base}${path}`, asked, shown));
    } catch (error) {
      if (error instanceof ApiError && error.code !== null) keys.refused(shown, error.code);
      throw error;
    }
  };

/** The same with a key that the page does not have yet, which a refusal does not concern. */
export const askWithKey = async (key: string, url: string): Promise<Answer> =>
  readAnswer(await send(url, {}, key));

function send(url: string, { method = 'GET', body, ifMatch, isNew, signal }: Asked, key: string | null) {
  const headers = {
    accept: 'application/json',
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    ...(isNew === true ? { 'if-none-match': '*' } : {}),
  };
  const sent = { method, ...(signal === undefined ? {} : { signal }) };
  if (body === undefined) return fetch(url, { ...sent, headers });
  const isText = typeof body === 'string';
  const typed = { ...headers, 'content-type': isText ? 'application/yaml' : 'application/json' };
  return fetch(url, { ...sent, headers: typed, body: isText ? body : JSON.stringify(body) });
}

async function readAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response;
  if (status === 404) return { status, headers, body: null };
  const text = await response.text();
  const body: unknown = text === '' ? {} : parse(text, response.url);
  if (response.ok) return { status, headers, body };
  const { detail, title, code, field } = isRecord(body) ? body : {};
  const known = typeof code === 'string' ? code : null;
  // The server's own text is meant for programs.
  if (known !== null && asksForKey(known)) throw new ApiError(keyLabel(known), known);
  const words = [detail, title].find((one) => typeof one === 'string');
  const message = typeof words === 'string' ? words : `${response.url}: HTTP ${status}.`;
  throw new ApiError(message, known, typeof field === 'string' ? field : null);
}

function parse(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(`${url}: the answer is not JSON.`);
  }
}
