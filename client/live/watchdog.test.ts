import { expect, it } from 'vitest';
import { createFakeTime } from '../testing/fake-time.ts';
import { startWatchdog } from './watchdog.ts';

function setUp() {
  const time = createFakeTime();
  let expired = 0;
  const watchdog = startWatchdog(time, () => expired++);
  return { time, watchdog, expired: () => expired };
}

it('is quiet while something comes, and speaks once when nothing does', () => {
  const { time, watchdog, expired } = setUp();
  for (let i = 0; i < 60; i++) {
    time.pass(1_000);
    watchdog.touch();
  }
  expect(expired()).toBe(0);
  time.pass(6_000);
  expect(expired()).toBe(0);
  time.pass(60_000);
  expect(expired()).toBe(1);
});

it('does not blame the connection for the sleep of the machine', () => {
  const { time, expired } = setUp();
  time.pass(3_000);
  time.sleep(3_600_000);
  time.pass(1_000);
  expect(expired()).toBe(0);
  time.pass(10_000);
  expect(expired()).toBe(1);
});

it('ends', () => {
  const { time, watchdog, expired } = setUp();
  watchdog.stop();
  time.pass(60_000);
  expect(expired()).toBe(0);
});
