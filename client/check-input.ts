import { isRecord } from '#contracts/is-record.ts';
import { shown } from '#contracts/text/shown.ts';
import type { SubscribeRequest } from '#contracts/view/preview-request.ts';
import type { GivenKey } from './host/key-source.ts';
import type { ClientOptions, ViewListener } from './types.ts';

/** UTF-16 units of a filter as text. */
const MAX_TEXT = 4_096;
const TRANSPORTS: readonly unknown[] = ['websocket', 'polling'];
const STORAGE = ['getItem', 'setItem', 'removeItem'];

/**
 * Reads an argument, whose getters may throw anything: the caller gets a `TypeError` at once, rather than
 * an exception in a timer later, which would end a Node process.
 */
function checked<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TypeError) throw error;
    throw new TypeError(`${what} cannot be read.`, { cause: error });
  }
}

const refuse = (what: string, wanted: string, value: unknown): never => {
  throw new TypeError(`${what}: expected ${wanted}, got ${shown(value)}.`);
};

export const checkFunction = (what: string, value: unknown, optional = false): void => {
  if (typeof value !== 'function' && !(optional && value === undefined)) refuse(what, 'a function', value);
};

function checkMethods(what: string, value: unknown, names: readonly string[], optional = false): void {
  if (typeof value !== 'object' || value === null) refuse(what, 'an object', value);
  for (const name of names)
    checkFunction(`${what}.${name}`, (value as Record<string, unknown>)[name], optional);
}

export function checkKey(key: GivenKey): GivenKey {
  if (key !== null && typeof key !== 'string' && typeof key !== 'function')
    refuse('key', 'a text, a function or null', key === undefined ? 'undefined' : typeof key);
  return key;
}

/** Returns a copy of the options, with the address as a `URL`. */
export const checkOptions = (given: ClientOptions): Omit<ClientOptions, 'url'> & { url: URL } =>
  checked('createClient: the options', () => {
    if (typeof given !== 'object' || given === null) refuse('createClient', 'an object of options', given);
    const options = { ...given };
    const { url, key, transports, onError, storage, environment } = options;
    if (key !== undefined) checkKey(key);
    checkFunction('onError', onError, true);
    if (storage !== undefined && storage !== null) checkMethods('storage', storage, STORAGE);
    if (environment !== undefined)
      checkMethods('environment', environment, isRecord(environment) ? Object.keys(environment) : []);
    if (transports !== undefined) options.transports = checkTransports(transports);
    return { ...options, url: baseUrl(url) };
  });

function checkTransports<T>(transports: readonly T[]): T[] {
  const good = Array.isArray(transports) && transports.length > 0;
  if (!good || !transports.every((name) => TRANSPORTS.includes(name)))
    refuse('transports', 'a list of "websocket" and "polling"', transports);
  return [...new Set(transports)];
}

/** Returns the address as a folder, so that relative paths resolve below it. */
function baseUrl(given: unknown = globalThis.location?.origin): URL {
  const wanted = 'an address such as "https://stats.example.com"';
  // A page of a file has the origin "null".
  if (given === undefined || given === 'null') refuse('url', wanted, given);
  const text = String(given);
  if (!URL.canParse(text)) refuse('url', wanted, text);
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    refuse('url', `${wanted}, with http or https`, text);
  // Neither fetch nor WebSocket accepts them.
  if (url.username !== '' || url.password !== '')
    refuse('url', 'an address without user or password', url.host);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/`;
  url.search = '';
  url.hash = '';
  return url;
}

/** Returns a copy of the request, as the server will read it. Throws a `TypeError` where it is none. */
export const checkRequest = (request: SubscribeRequest): SubscribeRequest =>
  checked('subscribe: the request', () => {
    const text: unknown = JSON.stringify(request);
    const copy = JSON.parse(typeof text === 'string' ? text : 'null') as SubscribeRequest | null;
    if (typeof copy?.metric !== 'string' && !copy?.definition)
      return refuse('subscribe', 'a request such as { metric: "orders" }', copy);
    // What a filter says, the server judges. A long text as groups would be read letter by letter.
    if (String(copy.where).length > MAX_TEXT) refuse('where', 'an object', copy.where);
    if (copy.groupBy !== undefined && !Array.isArray(copy.groupBy))
      refuse('groupBy', 'a list of dimensions', copy.groupBy);
    return copy;
  });

export const checkListener = (listener: ViewListener): void =>
  checked('subscribe: the listener', () => {
    checkMethods('listener', listener, ['onChange']);
    checkMethods('listener', listener, ['onInfo', 'onRefused'], true);
  });
