import { afterAll, beforeAll } from 'vitest';
import type { Embedded } from '#embedded/app.ts';
import { describeProtocol } from './describe-protocol.ts';
import { startOwnStack } from './own-stack.ts';

/**
 * `MILLRACE_URL=http://… npx vitest run tests/protocol/conformance.test.ts` holds that one to the protocol instead, with
 * MILLRACE_KEY, of scope admin, where it needs a key.
 */
const { MILLRACE_URL: given, MILLRACE_KEY: key } = process.env;
let own: Embedded | null = null;

beforeAll(async () => {
  // The least credit, so that a client that does not acknowledge is left behind within a test.
  if (given === undefined) own = await startOwnStack({ MILLRACE_CREDIT: '4096' });
});
afterAll(() => own?.close());

describeProtocol(
  () => (given === undefined ? { url: own!.url } : { url: given, key }),
  ['websocket', 'polling'],
);
