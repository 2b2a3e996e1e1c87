import { afterAll, beforeAll } from 'vitest';
import type { Embedded } from '#embedded/app.ts';
import { describeProtocol } from './describe-protocol.ts';
import { startOwnStack } from './own-stack.ts';

/** `MILLRACE_URL=http://… npx vitest run infra/protocol/conformance.test.ts` holds that one to the protocol instead. */
const given = process.env.MILLRACE_URL;
let own: Embedded | null = null;

beforeAll(async () => {
  // The least credit, so that a client that does not acknowledge is left behind within a test.
  if (given === undefined) own = await startOwnStack({ MILLRACE_CREDIT: '4096' });
});
afterAll(() => own?.close());

describeProtocol(() => given ?? own!.url, ['websocket', 'polling']);
