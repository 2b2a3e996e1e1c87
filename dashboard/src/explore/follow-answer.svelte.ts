import type { Session } from '../app/session.svelte.ts';

/** What is known of an answer. `since` is local epoch ms. */
export type Answer<T> =
  | { readonly kind: 'none' }
  | { readonly kind: 'asked'; readonly since: number }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'known'; readonly value: T };

/**
 * Asks at `path` whenever that changes, and when `again` is called; null asks for nothing. A question that is no longer wanted is
 * cancelled, so that there is one at a time; while the same is asked again, the answer stays. `read` takes the body, which is null where there is nothing at the path.
 */
export function followAnswer<T>(
  session: Session,
  path: () => string | null,
  read: (body: unknown) => T,
): { readonly answer: Answer<T>; again(): void } {
  let answer = $state.raw<Answer<T>>({ kind: 'none' });
  let times = $state(0);
  const wanted = $derived(path());
  let answered: string | null = null;
  $effect(() => {
    void times;
    // Another key may see it.
    void session.keyPrompt.changes;
    if (wanted === null) {
      answer = { kind: 'none' };
      return;
    }
    const stop = new AbortController();
    if (answered !== wanted) answer = { kind: 'asked', since: Date.now() };
    void load(wanted, stop.signal);
    return () => stop.abort();
  });

  async function load(from: string, signal: AbortSignal): Promise<void> {
    let next: Answer<T>;
    try {
      const { body } = await session.api.ask(from, { signal });
      next = { kind: 'known', value: read(body) };
      if (!signal.aborted) answered = from;
    } catch (error) {
      next = { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
    if (!signal.aborted) answer = next;
  }

  return {
    get answer() {
      return answer;
    },
    again: () => times++,
  };
}
