/** How the ids of the demo's events begin: what tells them from everybody else's. */
export const DEMO_ID = 'demo-shop-';
export const DEMO_BOARD_ID = 'storefront';
