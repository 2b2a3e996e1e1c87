/** The part of the browser's `Storage` that is needed. It may throw, for example when it is full. */
export interface EventStorage {
  getItem(name: string): string | null;
  setItem(name: string, text: string): void;
  removeItem(name: string): void;
}

/** The page that the client runs in; outside one, nothing ever happens to it. */
export interface Page {
  /** Sends a text without waiting for an answer, also from a page that goes away; with these headers where they are given. */
  beacon(url: URL, body: string, headers?: Record<string, string>): void;
  /** Calls back whenever the page is hidden, perhaps for good. Returns `unsubscribe`. */
  onHide(call: () => void): () => void;
  /** Calls back when the network is back. Returns `unsubscribe`. */
  onOnline(call: () => void): () => void;
}

export const browserPage = (): Page => ({ beacon, onHide, onOnline });

/** Whether the text arrives is not known. */
function beacon(url: URL, body: string, headers?: Record<string, string>): void {
  if (headers === undefined && globalThis.navigator?.sendBeacon?.(url, body)) return;
  // A beacon carries no header; or they are full, or switched off. Failing is expected and changes nothing: the events still wait.
  const request = { method: 'POST', body, keepalive: true };
  fetch(url, headers === undefined ? request : { ...request, headers }).catch(() => {});
}

/** Hidden is enough: phones end hidden pages without another event. */
function onHide(call: () => void): () => void {
  const hidden = () => {
    if (document.visibilityState === 'hidden') call();
  };
  return both(
    listen(globalThis.document, 'visibilitychange', hidden),
    listen(globalThis.window, 'pagehide', call),
  );
}

const onOnline = (call: () => void): (() => void) => listen(globalThis.window, 'online', call);

/** The page's local storage; null outside a page, and where it is forbidden. */
export function pageStorage(): EventStorage | null {
  try {
    return globalThis.window?.localStorage ?? null;
  } catch {
    return null;
  }
}

function listen(target: EventTarget | undefined, name: string, call: () => void): () => void {
  target?.addEventListener(name, call);
  return () => target?.removeEventListener(name, call);
}

const both = (first: () => void, second: () => void) => () => {
  first();
  second();
};
