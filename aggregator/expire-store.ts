import { MINUTE } from '#contracts/text/duration.ts';
import { planExpiry } from './core/plan-expiry.ts';
import type { Shared } from './deps.ts';
import type { Owner } from './owner.ts';
import { pause } from './repeat.ts';
import { reportFailure } from './report-failure.ts';

/** The owner of this partition expires for all: one run is enough, and a second one would find nothing left. */
const DECIDES = 0;
/** ms from taking over to the first run at most: it must not weigh on a start. */
const FIRST_RUN_WITHIN = 4 * MINUTE;
/** ms after which every reader knows a mark: until then it may ask for the finer rows that the mark makes dispensable. */
const MARKS_KNOWN_WITHIN = 15_000;

/**
 * Removes from the Store what retention allows, every `settings.expireEvery` while partition 0 is owned, first a few
 * minutes after it was taken over. What fails is counted and logged, and is tried at the next run. Resolves after
 * closing, when no run is under way.
 */
export async function expireStore(shared: Shared, random: () => number): Promise<void> {
  const { owners, settings, closing } = shared;
  const firstDelay = () => Math.min(FIRST_RUN_WITHIN, settings.expireEvery) * (0.5 + random() / 2);
  let known: Owner | undefined;
  let wait = firstDelay();
  while (true) {
    await pause(wait, closing);
    if (closing.aborted) return;
    const owner = owners.get(DECIDES);
    const hasSettled = owner !== undefined && owner === known;
    known = owner;
    wait = hasSettled ? settings.expireEvery : firstDelay();
    if (!hasSettled) continue;
    try {
      await expireOnce(shared);
    } catch (error) {
      reportFailure(shared, 'expire', error);
    }
  }
}

async function expireOnce({ store, log, catalog, clock, logger, settings, closing }: Shared): Promise<void> {
  const marks = await store.readMarks();
  await pause(Math.min(MARKS_KNOWN_WITHIN, settings.expireEvery), closing);
  if (closing.aborted) return;
  const stored = await store.readVersions();
  const commits = await store.readCommits();
  const bounds = await log.bounds('events');
  const expiry = planExpiry({
    now: clock(),
    archive: settings.archive,
    stored,
    commits,
    marks,
    ends: new Map(bounds.map(({ partition, end }) => [partition, end])),
    definitions: catalog.catalog.metrics.values(),
    catalogNext: catalog.next,
  });
  await store.expire(expiry);
  const { panes, gone, eventsBefore } = expiry;
  logger.info({ panes: panes.length, gone: gone.length, eventsBefore }, 'deleted expired rows');
}
