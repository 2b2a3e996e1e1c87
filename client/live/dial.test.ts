import { expect, it } from 'vitest';
import { createFakeTime } from '../testing/fake-time.ts';
import { dial } from './dial.ts';
import type { Transport, Wire, WireHandlers } from './socket.ts';

interface Opened {
  transport: Transport;
  handlers: WireHandlers;
  closed: boolean;
}

function setUp(order: Transport[] = ['websocket', 'polling']) {
  const time = createFakeTime();
  const opened: Opened[] = [];
  const events: string[] = [];
  const open = (transport: Transport, handlers: WireHandlers): Wire => {
    const entry: Opened = { transport, handlers, closed: false };
    opened.push(entry);
    const nothing = () => {};
    const close = () => {
      entry.closed = true;
    };
    return {
      transport,
      close,
      subscribe: nothing,
      unsubscribe: nothing,
      ack: nothing,
      tail: nothing,
      auth: nothing,
    };
  };
  const stop = dial(order, open, time, {
    opened: (wire) => events.push(`opened ${wire.transport}`),
    failed: (reason) => events.push(`failed ${reason}`),
    refused: ({ code }) => events.push(`refused ${code}`),
    closed: (wire, reason) => events.push(`closed ${wire.transport} ${reason}`),
    message: (name) => events.push(name),
  });
  return { time, opened, events, stop };
}

it('waits for no timer where a transport is refused', () => {
  const { opened, events } = setUp();
  opened[0]!.handlers.closed('403');
  opened[1]!.handlers.open();
  opened[1]!.handlers.message('beat', {});
  opened[1]!.handlers.closed('gone');
  expect(events).toEqual(['opened polling', 'beat', 'closed polling gone']);
});

it('leaves a transport that does not answer in time, and closes it', () => {
  const { time, opened, events } = setUp();
  time.pass(2_499);
  expect(opened).toHaveLength(1);
  time.pass(1);
  expect(opened.map((o) => [o.transport, o.closed])).toEqual([
    ['websocket', true],
    ['polling', false],
  ]);
  time.pass(10_000);
  expect(events).toEqual(['failed polling: no answer in 10000 ms']);
});

it('keeps what opened, however long it lives', () => {
  const { time, opened, events } = setUp();
  opened[0]!.handlers.open();
  time.pass(60_000);
  expect(opened.map((o) => o.closed)).toEqual([false]);
  expect(events).toEqual(['opened websocket']);
});

it('gives up on request, and fails at once where nothing is allowed', () => {
  const { time, opened, events, stop } = setUp();
  stop();
  time.pass(60_000);
  expect(opened.map((o) => o.closed)).toEqual([true]);
  expect(events).toEqual([]);
  expect(setUp([]).events).toEqual(['failed no transport is allowed']);
});
