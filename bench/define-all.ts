/** Puts definitions by their addresses below /v1, such as `metrics/clicks`; rejects with the first refusal. */
export async function defineAll(url: string, definitions: Readonly<Record<string, object>>): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  for (const [path, body] of Object.entries(definitions)) {
    const answer = await fetch(`${url}/v1/${path}`, { method: 'PUT', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }
}
