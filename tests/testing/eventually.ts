/** Asks again until the answer passes; after the deadline throws with the last answer. */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  passes: (answer: T) => boolean,
  deadline = 30_000,
): Promise<T> {
  const end = Date.now() + deadline;
  for (;;) {
    let answer: T | undefined;
    let failure: unknown;
    try {
      answer = await ask();
      if (passes(answer)) return answer;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > end) {
      throw new Error(`Not within ${deadline} ms; last: ${JSON.stringify(answer) ?? String(failure)}`, {
        cause: failure,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
