/**
 * Calls with one key that come while one is under way share the one that begins after it: each gets an answer that
 * was asked for after its call, and however many call, one request is under way.
 */
export function shareNext<T>(work: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const running = new Map<string, Promise<unknown>>();
  const waiting = new Map<string, Promise<T>>();
  const begin = (key: string): Promise<T> => {
    waiting.delete(key);
    const answer = work(key);
    const over = answer
      .catch(() => {})
      .then(() => {
        if (running.get(key) === over) running.delete(key);
      });
    running.set(key, over);
    return answer;
  };
  return (key) => {
    const before = running.get(key);
    if (before === undefined) return begin(key);
    const found = waiting.get(key);
    if (found !== undefined) return found;
    const next = before.then(() => begin(key));
    waiting.set(key, next);
    return next;
  };
}
