import { eventually } from '../testing/eventually.ts';
import { readSeries, total } from '../testing/series.ts';
import { compose, start, URL_OF_STACK } from './compose.ts';

const WITHIN = 60_000;

/** The profile `demo` on an empty Log: its history, and then live. */
export async function checkDemo(): Promise<string[]> {
  const began = Date.now();
  await start('demo');
  const orders = async (range: string): Promise<number> =>
    total(await readSeries(URL_OF_STACK, 'orders', `?range=${range}&window=10s`));
  const first = await eventually(
    () => orders('1h'),
    (count) => count > 0,
    WITHIN,
  );
  const moving = Date.now() - began;
  await eventually(
    () => orders('1h'),
    (count) => count > first,
    WITHIN,
  );
  await eventually(
    () => compose('logs', '--no-color', 'demo'),
    (text) => text.includes('sending demo traffic to'),
    WITHIN,
  );
  // An order comes about four times a second; the history is half an hour of them.
  const all = await eventually(
    () => orders('1h'),
    (count) => count > 4_000,
    WITHIN,
  );
  return [
    `demo: the first orders ${moving} ms after its start, half an hour of them (${all}) ${Date.now() - began} ms after it`,
  ];
}
