import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../testing/eventually.ts';
import { readSeries } from '../testing/series.ts';
import { URL_OF_STACK } from './compose.ts';

const README = join(import.meta.dirname, '..', '..', 'README.md');
const run = promisify(execFile);

/** README's own commands, as they stand there: an event, a metric, its series. */
export async function checkCommands(): Promise<string[]> {
  const text = await readFile(README, 'utf8');
  const [send, define] = ['## Send events', '## Define a metric'].map((title) => {
    const block = /```sh\n([\s\S]*?)```/.exec(text.slice(text.indexOf(title)))?.[1];
    if (block === undefined) throw new Error(`README has no commands under "${title}".`);
    return block.replaceAll('localhost:8080', URL_OF_STACK.slice('http://'.length));
  });
  const answers = [await bash(send!), await bash(define!)];
  if (!answers[0]!.includes('"accepted":1')) throw new Error(`The event was not accepted: ${answers[0]}`);
  const { series } = await eventually(
    () => readSeries(URL_OF_STACK, 'checkout_latency', '?range=15m'),
    (answer) => answer.series.some(({ values }) => values.some((value) => value !== null && value > 12)),
  );
  return [`README's commands: event accepted, metric defined, ${series.length} series with its value`];
}

const bash = async (script: string): Promise<string> =>
  (await run('bash', ['-c', `set -eo pipefail\n${script.replaceAll('curl ', 'curl -sS ')}`])).stdout;
