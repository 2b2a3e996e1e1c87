import type { IncomingMessage } from 'node:http';

/** The address that a connection comes from. Headers of proxies are not believed: anybody can write them. */
export const clientAddress = (request: IncomingMessage): string => request.socket.remoteAddress ?? 'unknown';
