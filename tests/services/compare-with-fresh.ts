import { createClient } from '#client/index.ts';
import type { ViewContents } from '#contracts/view/frame.ts';
import { eventually } from '../testing/eventually.ts';
import { type Followed, followView } from './followers.ts';

/** How long the last changes may be on their way, ms. */
const WITHIN = 60_000;
const SHOWN = 10;

/** Every client holds what a new client of its gateway gets. Nothing may be changing any more. */
export async function compareWithFresh(all: readonly Followed[]): Promise<void> {
  await Promise.all(
    all.map((followed) =>
      eventually(
        async () => ({ client: followed.name, view: followed.request, differ: await differences(followed) }),
        ({ differ }) => differ.length === 0,
        WITHIN,
      ),
    ),
  );
}

async function differences({ url, request, contents }: Followed): Promise<string[]> {
  const client = createClient({ url });
  try {
    const fresh = await followView({ url, name: 'a fresh client', client }, request);
    // The range goes on with time: only what is in both is compared.
    const from = Math.max(contents.start, fresh.contents.start);
    const [held, given] = [cellsOf(contents, from), cellsOf(fresh.contents, from)];
    if (contents.version !== fresh.contents.version) return [`version ${contents.version}`];
    return [...new Set([...held.keys(), ...given.keys()])]
      .filter((key) => held.get(key) !== given.get(key))
      .map((key) => `${key}: holds ${held.get(key)}, fresh ${given.get(key)}`)
      .slice(0, SHOWN);
  } finally {
    await client.close();
  }
}

/** `group|window` → its values, and whether the window is partial. */
const cellsOf = ({ series, partial }: ViewContents, from: number): Map<string, string> =>
  new Map(
    [...series.values()].flatMap(({ group, cells }) =>
      [...cells]
        .filter(([window]) => window >= from)
        .map(
          ([window, values]) =>
            [`${group.join('/')}|${window}`, `${values}${partial.has(window) ? ' partial' : ''}`] as const,
        ),
    ),
  );
