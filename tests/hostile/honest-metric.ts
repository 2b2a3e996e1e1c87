/** What the honest client sends and watches. */
export const HONEST_EVENT = 'honest';
export const HONEST_METRIC = 'honest';
export const HONEST_DEFINITION = { event: HONEST_EVENT, aggregate: 'count', window: '1s' };
