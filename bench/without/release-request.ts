export * from '#gateway/sockets/socket-internals.ts';
export const releaseRequest = () => {};
export const releaseHandshake = () => {};
