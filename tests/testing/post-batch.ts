/**
 * Whether a batch of events is durable: false where no answer came in time, or a 503; then it may or may not be.
 * Throws a RangeError when an event was refused, since none should be.
 */
export async function postBatch(url: string, batch: readonly object[], within: number): Promise<boolean> {
  let answer: Response;
  try {
    answer = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: batch.map((event) => JSON.stringify(event)).join('\n'),
      signal: AbortSignal.timeout(within),
    });
    if (answer.status !== 200) return false;
    const { rejected, errors } = (await answer.json()) as { rejected: number; errors: unknown[] };
    if (rejected === 0) return true;
    throw new RangeError(`refused: ${JSON.stringify(errors.slice(0, 3))}`);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return false;
  }
}
