import { expect, it } from 'vitest';
import { browserEnvironment } from '../host/environment.ts';
import { createKeySource } from '../host/key-source.ts';
import { createFakeTime } from '../testing/fake-time.ts';
import { Connection } from './connection.ts';
import type { WireHandlers } from './socket.ts';

/** A connection of which every attempt fails at once until `up`, with the longest waits that the jitter allows. */
function start() {
  const time = createFakeTime();
  const tries: number[] = [];
  const state = { up: false, wires: [] as WireHandlers[] };
  const connection = new Connection(
    ['websocket'],
    (transport, handlers) => {
      tries.push(time.clock());
      time.after(0, () => (state.up ? handlers.open() : handlers.closed('refused')));
      state.wires.push(handlers);
      const nothing = () => {};
      return {
        transport,
        subscribe: nothing,
        unsubscribe: nothing,
        ack: nothing,
        tail: nothing,
        auth: nothing,
        close: nothing,
      };
    },
    createKeySource(null, () => {}),
    { ...browserEnvironment(), ...time, random: () => 1 },
    {
      live: () => {},
      lost: () => {},
      refused: () => {},
      message: () => {},
      link: () => {},
      report: () => {},
    },
  );
  connection.start();
  const waits = () => tries.slice(1).map((at, i) => at - tries[i]!);
  return { time, tries, state, connection, waits };
}

it('waits at most 2.5 s between tries in the first minute of an outage, later up to 15 s', () => {
  const { time, waits } = start();
  time.pass(60_000);
  expect(waits().slice(0, 5)).toEqual([500, 1_000, 2_000, 2_500, 2_500]);
  expect(Math.max(...waits())).toBe(2_500);
  const minute = waits().length;
  time.pass(60_000);
  expect(waits().slice(minute + 1)).toEqual([15_000, 15_000, 15_000]);
});

it('counts a further outage from its own beginning', () => {
  const { time, state, connection, tries, waits } = start();
  time.pass(200_000);
  state.up = true;
  time.pass(15_000);
  expect(connection.link.state).toBe('live');
  state.wires.at(-1)!.message('beat', {});
  state.up = false;
  const before = tries.length;
  state.wires.at(-1)!.closed('gone');
  time.pass(30_000);
  expect(tries.length).toBeGreaterThan(before + 8);
  expect(Math.max(...waits().slice(before))).toBe(2_500);
});
