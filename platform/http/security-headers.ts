import { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';

/**
 * Everything from this origin: no inline script, no eval, no framing. No style attributes either: what the page sets on
 * `element.style` by script is none, and the policy leaves it alone.
 */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Sent with every answer, whichever code writes it. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** Must be called before every other hook is added: no hook runs after the one that answers. */
export function addSecurityHeaders(server: FastifyInstance): void {
  server.addHook('onRequest', async (_, reply) => secure(reply));
}

/** For answers that are sent without hooks. */
export function secure(reply: FastifyReply): void {
  reply.headers(SECURITY_HEADERS);
}

/** The same for code that writes to the response directly. */
export function secureResponse(response: object): void {
  if (!(response instanceof ServerResponse) || response.headersSent) return;
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
}
