/** What every variant of the page shows; the newest values change four times a second. */
export const PANELS = 24;
/** Panels that are seen: the first ones. */
export const VISIBLE = 12;
/** As many as a panel of the dashboard draws; further ones it would only name. */
export const SERIES = 8;
export const POINTS = 600;
