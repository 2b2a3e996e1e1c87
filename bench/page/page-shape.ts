import { scaled } from '../smoke-scale.ts';

/** What every variant of the page shows; the newest values change four times a second. */
export const PANELS = scaled(24, 8);
/** Panels that are seen: the first ones. */
export const VISIBLE = scaled(12, 4);
/** As many as a panel of the dashboard draws; further ones it would only name. */
export const SERIES = 8;
export const POINTS = scaled(600, 60);
