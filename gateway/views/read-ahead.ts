/**
 * Yields what a source yields, and has it make the next while the last is dealt with: the engine works in a thread of its own. One at
 * most is ahead. A failure comes when it is that one's turn.
 */
export async function* readAhead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  const ask = (): Promise<IteratorResult<T>> => {
    const next = source.next();
    // It is awaited below, unless the reader stops before.
    next.catch(() => {});
    return next;
  };
  try {
    for (let next = ask(); ; ) {
      const result = await next;
      if (result.done === true) return;
      next = ask();
      yield result.value;
    }
  } finally {
    await source.return(undefined);
  }
}
