import { afterAll, afterEach, beforeAll } from 'vitest';
import { connectRaw, type RawClient, type Transport } from './raw-client.ts';
import { createSubject, type Subject } from './subject.ts';

/** What each part of the suite works with. */
export interface ProtocolContext {
  readonly subject: Subject;
  /** A connection that is closed after the test. */
  connect(transport?: Transport): Promise<RawClient>;
}

/** To be called inside a `describe`: the metric lives as long as its tests. */
export function useProtocol(url: () => string, transport: Transport): ProtocolContext {
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
