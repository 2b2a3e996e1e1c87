const WIDE = '1000000000';

/** Settings of a process that measures what it carries, from one address, with no limit on callers in the way. */
export const WIDE_LIMITS = {
  MILLRACE_KEY_REQUESTS: WIDE,
  MILLRACE_KEY_EVENTS: WIDE,
  MILLRACE_KEY_BYTES: '1000000000000',
  MILLRACE_ADDRESS_REQUESTS: WIDE,
  MILLRACE_ADDRESS_EVENTS: WIDE,
  MILLRACE_ADDRESS_BYTES: '1000000000000',
  MILLRACE_TCP_PER_ADDRESS: '1000000',
};
