export interface KeptAnswers<T> {
  /** Resolves with what was answered to the key a moment ago, or is being answered; else asks. A failure is not kept. */
  get(key: string, ask: () => Promise<T>): Promise<T>;
  forget(): void;
}

export interface KeptAnswersOptions {
  /** How long an answer is kept after it was asked for, ms. */
  ms: number;
  /** Keys at most; beyond it all are forgotten. */
  most: number;
  /** Monotonic, ms. */
  now?: () => number;
}

/** Keeps answers for a moment: many who ask the same at once share one call. */
export function keepAnswers<T>({
  ms,
  most,
  now = () => performance.now(),
}: KeptAnswersOptions): KeptAnswers<T> {
  const kept = new Map<string, { until: number; answer: Promise<T> }>();
  return {
    get(key, ask) {
      const found = kept.get(key);
      if (found !== undefined && found.until > now()) return found.answer;
      if (kept.size >= most) kept.clear();
      const one = { until: now() + ms, answer: ask() };
      kept.set(key, one);
      // It fails for those who have asked; whoever comes next asks again.
      one.answer.catch(() => {
        if (kept.get(key) === one) kept.delete(key);
      });
      return one.answer;
    },
    forget: () => kept.clear(),
  };
}
