import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { describeEqualData } from './describe-equal-data.ts';
import { describeMessages } from './describe-messages.ts';
import { describeResume } from './describe-resume.ts';
import { describeViews } from './describe-views.ts';
import { connectRaw, type RawClient, type Transport } from './raw-client.ts';
import { createSubject, type Subject } from './subject.ts';

/** What each part of the suite works with. */
export interface ProtocolContext {
  readonly subject: Subject;
  /** A connection that is closed after the test. */
  connect(transport?: Transport): Promise<RawClient>;
}

/**
 * The conformance suite of PROTOCOL.md against a running Millrace: defines a metric of its own, posts events, and holds
 * the server to the text over each transport. It uses fetch and a plain Socket.IO client, never the SDK.
 */
export function describeProtocol(url: () => string, transports: readonly Transport[]): void {
  for (const transport of transports) {
    describe(`protocol over ${transport}`, () => {
      describeViews(context(url, transport));
      describeResume(context(url, transport));
      describeMessages(context(url, transport));
    });
  }
  describe('protocol, same data everywhere', () => describeEqualData(context(url, 'websocket')));
}

/** To be called inside a `describe`: the metric lives as long as its tests. */
function context(url: () => string, transport: Transport): ProtocolContext {
  const open: RawClient[] = [];
  let subject: Subject | null = null;
  beforeAll(async () => {
    subject = createSubject(url());
    await subject.define();
  });
  afterEach(() => {
    for (const client of open.splice(0)) client.close();
  });
  afterAll(() => subject?.remove());
  return {
    get subject() {
      return subject!;
    },
    async connect(over = transport) {
      const client = await connectRaw(url(), over);
      open.push(client);
      return client;
    },
  };
}
