import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ArchivedEvent } from '#contracts/event/event-page.ts';
import type { EventVerdict } from '#contracts/metric/verdict.ts';
import type { VerdictAsked } from '../app/archive-api.ts';
import { askDetail } from './ask-detail.ts';
import { type EventLine, lineOfArchived, lineOfTail } from './event-line.ts';

const ARCHIVED: ArchivedEvent = {
  ...{ event: 'order', id: 'o_1', key: null, timestamp: 5_000, received: 6_000, properties: {} },
  position: { partition: 2, offset: 81, index: 4 },
};
const VERDICT: EventVerdict = { event: 'order', position: ARCHIVED.position, partition: 2, metrics: [] };
const TAIL: EventLine = lineOfTail({
  time: 5_000,
  event: 'order',
  text: '',
  id: 'o_1',
  position: { partition: 2, offset: 81, index: 4 },
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An archive in which the event is from the `after`th question for its place on. */
function archive(after: number) {
  const asked: VerdictAsked[] = [];
  const api = {
    verdict: async (one: VerdictAsked) => {
      asked.push(one);
      return 'id' in one || asked.length > after ? VERDICT : null;
    },
    events: async () => ({
      events: [{ ...ARCHIVED, position: { ...ARCHIVED.position, index: 3 } }, ARCHIVED],
      ...{ searched: null, next: null },
    }),
  };
  return { api, asked };
}

async function settle(asking: ReturnType<typeof askDetail>) {
  await vi.runAllTimersAsync();
  return asking;
}

it('waits until an event is archived, and finds it among those of its ms', async () => {
  const { api, asked } = archive(2);
  const detail = await settle(askDetail(api, TAIL, new AbortController().signal));
  expect(detail).toEqual({ kind: 'found', archived: ARCHIVED, verdict: VERDICT });
  expect(asked).toHaveLength(3);
});

it('takes an event that never comes for a repeat of the one with its id', async () => {
  const { api, asked } = archive(99);
  expect(await settle(askDetail(api, TAIL, new AbortController().signal))).toEqual({
    ...{ kind: 'repeat', verdict: VERDICT },
  });
  expect(asked).toHaveLength(6);
  expect(asked.at(-1)).toEqual({ id: 'o_1', key: null });
});

it('asks once for one that is archived, and for nothing where there is no place', async () => {
  const { api, asked } = archive(0);
  await settle(askDetail(api, lineOfArchived(ARCHIVED), new AbortController().signal));
  expect(asked).toHaveLength(1);
  const refused = lineOfTail({ time: 1, event: '', text: '' });
  expect(await askDetail(api, refused, new AbortController().signal)).toEqual({ kind: 'unknown' });
  expect(asked).toHaveLength(1);
});

it('asks no more once the row is closed', async () => {
  const { api, asked } = archive(99);
  const closed = new AbortController();
  const asking = askDetail(api, TAIL, closed.signal);
  await vi.advanceTimersByTimeAsync(1_500);
  closed.abort();
  expect(await settle(asking)).toBeNull();
  expect(asked).toHaveLength(2);
});
