import { bytes, duration, integer, type SettingSpec } from './setting-spec.ts';

/**
 * What one caller may take. By default about a third of what a process on two cores carries, so that one that is at its
 * limit leaves room for others.
 */
export const LIMIT_SETTINGS = {
  keyRequests: integer(
    'MILLRACE_KEY_REQUESTS',
    4_000,
    1,
    1e9,
    'Requests a second of one key; a quarter of them may come at once.',
  ),
  keyEvents: integer(
    'MILLRACE_KEY_EVENTS',
    200_000,
    1,
    1e12,
    'Events a second of one key; a batch is let in whole, and the next request waits for it.',
  ),
  keyBytes: bytes(
    'MILLRACE_KEY_BYTES',
    40_000_000,
    1_000,
    1e12,
    'Bytes a second of one key: received, and unpacked where they were compressed.',
  ),
  addressRequests: integer(
    'MILLRACE_ADDRESS_REQUESTS',
    4_000,
    1,
    1e9,
    'Requests a second of one client address (of IPv6: of one /64). Who sends twice as many is cut off for a second.',
  ),
  addressEvents: integer('MILLRACE_ADDRESS_EVENTS', 200_000, 1, 1e12, 'Events a second of one address.'),
  addressBytes: bytes(
    'MILLRACE_ADDRESS_BYTES',
    40_000_000,
    1_000,
    1e12,
    'Bytes a second of one address, counted as for a key.',
  ),
  tcpPerAddress: integer(
    'MILLRACE_TCP_PER_ADDRESS',
    4_000,
    1,
    1_000_000,
    'TCP connections of one address, whatever they carry. Not applied with MILLRACE_PROXIES above 0, where the address is a proxy.',
  ),
  tcpConnections: integer(
    'MILLRACE_TCP_CONNECTIONS',
    16_000,
    1,
    1_000_000,
    'TCP connections of all addresses, whatever they carry; fewer where the process may not open as many files (ulimit -n).',
  ),
  headerTime: duration(
    'MILLRACE_HEADER_TIME',
    10_000,
    100,
    10 * 60_000,
    'How long the head of a request may take, from the connection on for the first one.',
  ),
  requestTime: duration(
    'MILLRACE_REQUEST_TIME',
    30_000,
    100,
    60 * 60_000,
    'How long a request may take to arrive, its body included; MILLRACE_HEADER_TIME at least.',
  ),
  answerTime: duration(
    'MILLRACE_ANSWER_TIME',
    120_000,
    100,
    60 * 60_000,
    'How long an answer may take, from the arrival of its request until its client has read it; longer than the longest wait for a change, 60s.',
  ),
  keepAlive: duration(
    'MILLRACE_KEEP_ALIVE',
    72_000,
    1_000,
    60 * 60_000,
    'How long a connection may be idle between two requests; longer than in a proxy in front.',
  ),
  headerBytes: bytes('MILLRACE_HEADER_BYTES', 16_384, 4_096, 1_000_000, 'Bytes of the head of a request.'),
  pipelined: integer(
    'MILLRACE_PIPELINED',
    100,
    1,
    10_000,
    'Requests of one connection that wait for their answers.',
  ),
  unanswered: integer(
    'MILLRACE_UNANSWERED',
    10_000,
    10,
    1_000_000,
    'Requests of all connections that wait for their answers.',
  ),
  unreadBytes: bytes(
    'MILLRACE_UNREAD_BYTES',
    64_000_000,
    1_000_000,
    100_000_000_000,
    'Bytes of answers that clients have not read yet; beyond it who has read nothing for longest is cut.',
  ),
} as const satisfies Record<string, SettingSpec>;
