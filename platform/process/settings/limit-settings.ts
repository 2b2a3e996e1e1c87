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
    'Requests per second for one key; a quarter of them may arrive at once.',
  ),
  keyEvents: integer(
    'MILLRACE_KEY_EVENTS',
    200_000,
    1,
    1e12,
    'Events per second for one key. A batch is accepted whole; if it exceeds the limit, the next requests are refused until the rate has caught up.',
  ),
  keyBytes: bytes(
    'MILLRACE_KEY_BYTES',
    40_000_000,
    1_000,
    1e12,
    'Bytes per second for one key: those received, plus those decompressed if the body was compressed.',
  ),
  addressRequests: integer(
    'MILLRACE_ADDRESS_REQUESTS',
    4_000,
    1,
    1e9,
    'Requests per second for one client address (IPv6: one /64). A client that sends twice as many is cut off for one second.',
  ),
  addressEvents: integer(
    'MILLRACE_ADDRESS_EVENTS',
    200_000,
    1,
    1e12,
    'Events per second for one client address.',
  ),
  addressBytes: bytes(
    'MILLRACE_ADDRESS_BYTES',
    40_000_000,
    1_000,
    1e12,
    'Bytes per second for one client address, counted as for a key.',
  ),
  tcpPerAddress: integer(
    'MILLRACE_TCP_PER_ADDRESS',
    4_000,
    1,
    1_000_000,
    'TCP connections from one client address, whatever they carry. Not applied when MILLRACE_PROXIES is above 0, because the address is then that of a proxy.',
  ),
  tcpConnections: integer(
    'MILLRACE_TCP_CONNECTIONS',
    16_000,
    1,
    1_000_000,
    'TCP connections in total, whatever they carry; fewer if the process may not open that many files (ulimit -n).',
  ),
  headerTime: duration(
    'MILLRACE_HEADER_TIME',
    10_000,
    100,
    10 * 60_000,
    'How long the head of a request may take to arrive; for the first request, counted from the start of the connection.',
  ),
  requestTime: duration(
    'MILLRACE_REQUEST_TIME',
    30_000,
    100,
    60 * 60_000,
    'How long a whole request, including its body, may take to arrive; at least MILLRACE_HEADER_TIME.',
  ),
  answerTime: duration(
    'MILLRACE_ANSWER_TIME',
    120_000,
    100,
    60 * 60_000,
    'How long a response may take, from the arrival of its request until the client has read it. Must be longer than the longest wait for a change, 60s.',
  ),
  keepAlive: duration(
    'MILLRACE_KEEP_ALIVE',
    72_000,
    1_000,
    60 * 60_000,
    'How long a connection may be idle between two requests. Set it longer than the keep-alive of a proxy in front.',
  ),
  headerBytes: bytes(
    'MILLRACE_HEADER_BYTES',
    16_384,
    4_096,
    1_000_000,
    'Maximum size of the head of a request.',
  ),
  pipelined: integer(
    'MILLRACE_PIPELINED',
    100,
    1,
    10_000,
    'Requests of one connection that may wait for their responses.',
  ),
  unanswered: integer(
    'MILLRACE_UNANSWERED',
    10_000,
    10,
    1_000_000,
    'Requests of all connections that may wait for their responses.',
  ),
  unreadBytes: bytes(
    'MILLRACE_UNREAD_BYTES',
    64_000_000,
    1_000_000,
    100_000_000_000,
    'Bytes of responses that clients have not read yet; above it, the connection that has read nothing for longest is cut.',
  ),
} as const satisfies Record<string, SettingSpec>;
