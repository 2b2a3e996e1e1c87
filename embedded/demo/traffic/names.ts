/** How the ids of the demo's events begin: what tells them from everybody else's. */
export const DEMO_ID = 'demo-shop-';
/** Every demo tells the same story. */
export const DEMO_SEED = 20_261_123;
export const DEMO_BOARD_ID = 'storefront';
