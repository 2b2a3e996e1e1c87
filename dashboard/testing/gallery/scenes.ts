import type { Chapter } from './scene.ts';
import { BARS, LINES } from './scenes-of-charts.ts';
import { TABLES, TOPS } from './scenes-of-lists.ts';
import { LINKS, STATS, TAILS } from './scenes-of-others.ts';
import { AREAS, STACKED_BARS } from './scenes-of-stacks.ts';

/** The whole gallery, in the order of the page. */
export const CHAPTERS: readonly Chapter[] = [
  STATS,
  LINES,
  AREAS,
  BARS,
  STACKED_BARS,
  TOPS,
  TABLES,
  TAILS,
  LINKS,
];
