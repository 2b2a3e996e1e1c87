import { afterAll, afterEach, beforeAll } from 'vitest';
import { connectRaw, type RawClient, type Transport } from './raw-client.ts';
import { createSubject, type Subject } from './subject.ts';

/** What each part of the suite works with. */
export interface ProtocolContext {
  readonly subject: Subject;
  /** A connection that is closed after the test. */
  connect(transport?: Transport, key?: string): Promise<RawClient>;
}

/** A running Millrace, and a key of scope admin where it needs one. */
export interface Target {
  url: string;
  key?: string | undefined;
}

/** To be called inside a `describe`: the metric lives as long as its tests. */
export function useProtocol(target: () => Target, transport: Transport): ProtocolContext {
  const open: RawClient[] = [];
  let subject: Subject | null = null;
  beforeAll(async () => {
    const { url, key } = target();
    subject = createSubject(url, key);
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
    async connect(over = transport, key = target().key) {
      const client = await connectRaw(target().url, over, key);
      open.push(client);
      return client;
    },
  };
}
