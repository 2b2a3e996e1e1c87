/** A measurement of a process now, its labels added up. Rejects where it has none of that name. */
export async function readMeasure(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].map(([, value]) =>
    Number(value),
  );
  if (values.length === 0) throw new Error(`${url} has no ${name}`);
  return values.reduce((sum, value) => sum + value, 0);
}
