import { bytes, duration, integer, type SettingSpec } from './setting-spec.ts';

/** Views, and those who follow them. */
export const GATEWAY_SETTINGS = {
  views: integer('MILLRACE_VIEWS', 200, 1, 10_000, 'Views of one connection.'),
  connections: integer('MILLRACE_CONNECTIONS', 20_000, 1, 1_000_000, 'Connections of one gateway.'),
  connectionsPerAddress: integer(
    'MILLRACE_CONNECTIONS_PER_ADDRESS',
    2_000,
    1,
    1_000_000,
    'Connections of one client address.',
  ),
  connectionsPerKey: integer(
    'MILLRACE_CONNECTIONS_PER_KEY',
    5_000,
    1,
    1_000_000,
    'Connections of one key to one gateway.',
  ),
  handshakes: integer(
    'MILLRACE_HANDSHAKES',
    2_000,
    1,
    1_000_000,
    'Connections that begin in a second, at one gateway; a second of them may come at once.',
  ),
  handshakesPerAddress: integer(
    'MILLRACE_HANDSHAKES_PER_ADDRESS',
    500,
    1,
    1_000_000,
    'Connections that begin in a second from one client address.',
  ),
  messageBytes: bytes(
    'MILLRACE_MESSAGE_BYTES',
    100_000,
    1_000,
    10_000_000,
    'Bytes of one socket message from a client.',
  ),
  credit: bytes(
    'MILLRACE_CREDIT',
    262_144,
    4_096,
    100_000_000,
    'Bytes sent to a client that it has not acknowledged.',
  ),
  frame: duration('MILLRACE_FRAME', 50, 10, 1_000, 'Shortest time between two frames of a room.'),
  messages: integer('MILLRACE_MESSAGES', 500, 10, 100_000, 'Messages a second of one connection.'),
  waiting: integer(
    'MILLRACE_WAITING_REQUESTS',
    1_000,
    1,
    100_000,
    'HTTP requests of one gateway that wait for a change.',
  ),
  spread: duration(
    'MILLRACE_DRAIN_SPREAD',
    2_000,
    0,
    5 * 60_000,
    'Time over which a stopping gateway spreads the reconnects of its clients.',
  ),
  definitions: integer('MILLRACE_DEFINITIONS', 1_000, 1, 100_000, 'Metrics and boards together.'),
  keys: integer('MILLRACE_KEYS', 1_000, 1, 100_000, 'Keys that exist at once.'),
  cells: integer(
    'MILLRACE_HOT_CELLS',
    2_000_000,
    1_000,
    1_000_000_000,
    'States held in memory for open views.',
  ),
} as const satisfies Record<string, SettingSpec>;
