import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from './ask.ts';
import { poll } from './poll.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start(answers: (Error | null)[]) {
  const said: (string | null)[] = [];
  const look = vi.fn(async () => {
    const answer = answers.shift() ?? null;
    if (answer !== null) throw answer;
  });
  const end = poll(look, (words) => said.push(words));
  return { look, said, end };
}

it('looks at once and every few seconds, and says what is wrong until it is not', async () => {
  const { look, said, end } = start([null, new Error('Nobody answers.')]);
  await vi.advanceTimersByTimeAsync(0);
  expect(look).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(8_001);
  expect(look.mock.calls.length).toBeGreaterThanOrEqual(3);
  expect(said.slice(0, 3)).toEqual([null, 'Nobody answers. Trying again every few seconds.', null]);
  end();
});

it('asks a server that needs a key less often, and still notices when it needs none any more', async () => {
  const { look, said, end } = start([new ApiError('A key is needed to read here.', 'missing_key')]);
  await vi.advanceTimersByTimeAsync(29_999);
  expect(look).toHaveBeenCalledTimes(1);
  expect(said).toEqual(['A key is needed to read here.']);
  await vi.advanceTimersByTimeAsync(30_002);
  expect(said.slice(0, 2)).toEqual(['A key is needed to read here.', null]);
  end();
});

it('says nothing more once it has ended', async () => {
  const { look, said, end } = start([]);
  end();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(look).toHaveBeenCalledTimes(1);
  expect(said).toEqual([]);
});
