import { createEdge } from './edge.ts';

/** The earliest number by event time. */
export const first = createEdge('first');
