import { scaled } from '../smoke-scale.ts';

/** What every variant of the page shows; the newest values change four times a second. */
export const PANELS = scaled(24, 8);
/** Panels that are seen: the first ones. */
export const VISIBLE = scaled(12, 4);
/** Most series that a panel of the dashboard draws; it would only name further ones. */
export const SERIES = 8;
export const POINTS = scaled(600, 60);
