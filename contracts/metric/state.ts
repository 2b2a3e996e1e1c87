/**
 * The mergeable value of an aggregate for one pane and group from one source partition, as it travels and is
 * stored: every aggregate uses the same three arrays, so a new one changes no table and no message.
 * `keys` are unsigned 32-bit, `counts` whole and at most 2^53.
 */
export interface State {
  nums: number[];
  keys: number[];
  counts: number[];
}
