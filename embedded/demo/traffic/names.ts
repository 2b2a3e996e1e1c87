/** The prefix of the demo's event ids, which distinguishes them from all others. */
export const DEMO_ID = 'demo-shop-';
/** Fixed, so that every demo shows the same course of events. */
export const DEMO_SEED = 20_261_123;
export const DEMO_BOARD_ID = 'storefront';
