import { HOUR, MINUTE, SECOND } from '#contracts/text/duration.ts';
import { bytes, duration, integer, type SettingSpec } from './setting-spec.ts';

/**
 * What one caller may take. By default about a third of what a process on two cores carries, so that one that is at its
 * limit leaves room for others.
 */
export const LIMIT_SETTINGS = {
  keyRequests: integer({
    env: 'MILLRACE_KEY_REQUESTS',
    default: 4_000,
    min: 1,
    max: 1e9,
    help: 'Requests per second for one key; a quarter of them may arrive at once.',
  }),
  keyEvents: integer({
    env: 'MILLRACE_KEY_EVENTS',
    default: 200_000,
    min: 1,
    max: 1e12,
    help: 'Events per second for one key. A batch is accepted whole; if it exceeds the limit, the next requests are refused until the rate has caught up.',
  }),
  keyBytes: bytes({
    env: 'MILLRACE_KEY_BYTES',
    default: 40_000_000,
    min: 1_000,
    max: 1e12,
    help: 'Bytes per second for one key: those received, plus those decompressed if the body was compressed.',
  }),
  addressRequests: integer({
    env: 'MILLRACE_ADDRESS_REQUESTS',
    default: 4_000,
    min: 1,
    max: 1e9,
    help: 'Requests per second for one client address (IPv6: one /64). A client that sends twice as many is cut off for one second.',
  }),
  addressEvents: integer({
    env: 'MILLRACE_ADDRESS_EVENTS',
    default: 200_000,
    min: 1,
    max: 1e12,
    help: 'Events per second for one client address.',
  }),
  addressBytes: bytes({
    env: 'MILLRACE_ADDRESS_BYTES',
    default: 40_000_000,
    min: 1_000,
    max: 1e12,
    help: 'Bytes per second for one client address, counted as for a key.',
  }),
  tcpPerAddress: integer({
    env: 'MILLRACE_TCP_PER_ADDRESS',
    default: 4_000,
    min: 1,
    max: 1_000_000,
    help: 'TCP connections from one client address, whatever they carry. Not applied when MILLRACE_PROXIES is above 0, because the address is then that of a proxy.',
  }),
  tcpConnections: integer({
    env: 'MILLRACE_TCP_CONNECTIONS',
    default: 16_000,
    min: 1,
    max: 1_000_000,
    help: 'TCP connections in total, whatever they carry; fewer if the process may not open that many files (ulimit -n).',
  }),
  headerTime: duration({
    env: 'MILLRACE_HEADER_TIME',
    default: 10 * SECOND,
    min: 100,
    max: 10 * MINUTE,
    help: 'How long the head of a request may take to arrive; for the first request, counted from the start of the connection.',
  }),
  requestTime: duration({
    env: 'MILLRACE_REQUEST_TIME',
    default: 30 * SECOND,
    min: 100,
    max: HOUR,
    help: 'How long a whole request, including its body, may take to arrive; at least MILLRACE_HEADER_TIME.',
  }),
  answerTime: duration({
    env: 'MILLRACE_ANSWER_TIME',
    default: 2 * MINUTE,
    min: 100,
    max: HOUR,
    help: 'How long a response may take, from the arrival of its request until the client has read it. Must be longer than the longest wait for a change, 60s.',
  }),
  keepAlive: duration({
    env: 'MILLRACE_KEEP_ALIVE',
    default: 72 * SECOND,
    min: SECOND,
    max: HOUR,
    help: 'How long a connection may be idle between two requests. Set it longer than the keep-alive of a proxy in front.',
  }),
  headerBytes: bytes({
    env: 'MILLRACE_HEADER_BYTES',
    default: 16_384,
    min: 4_096,
    max: 1_000_000,
    help: 'Maximum size of the head of a request.',
  }),
  pipelined: integer({
    env: 'MILLRACE_PIPELINED',
    default: 100,
    min: 1,
    max: 10_000,
    help: 'Requests of one connection that may wait for their responses.',
  }),
  unanswered: integer({
    env: 'MILLRACE_UNANSWERED',
    default: 10_000,
    min: 10,
    max: 1_000_000,
    help: 'Requests of all connections that may wait for their responses.',
  }),
  unreadBytes: bytes({
    env: 'MILLRACE_UNREAD_BYTES',
    default: 64_000_000,
    min: 1_000_000,
    max: 100_000_000_000,
    help: 'Bytes of responses that clients have not read yet; above it, the connection that has read nothing for longest is cut.',
  }),
} as const satisfies Record<string, SettingSpec>;
