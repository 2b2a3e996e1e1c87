import { createEdge } from './edge.ts';

/** The latest number by event time: a gauge's reading. */
export const last = createEdge('last');
