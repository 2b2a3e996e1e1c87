import type { Chapter } from './scene.ts';
import { BARS, LINES } from './scenes-of-charts.ts';
import { LINKS, STATS, TAILS } from './scenes-of-others.ts';

/** The whole gallery, in the order of the page. */
export const CHAPTERS: readonly Chapter[] = [LINES, BARS, STATS, TAILS, LINKS];
