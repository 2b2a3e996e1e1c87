import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBroker } from '../../infra/kafka/start-broker.ts';
import { awaitReady } from './await-ready.ts';
import type { Member } from './member.ts';
import type { Guard } from './start-guard.ts';

const OUTPUT_KEPT = 64_000;

/** A real broker as a member of a stack; it serves when this resolves. A kill waits for a start in progress to end. */
export async function startBrokerMember(folder: string, guard: Guard): Promise<Member> {
  let pid = 0;
  const broker = await startBroker({
    folder,
    started: (of) => {
      pid = of;
      guard.started(of);
    },
  });
  let state: Member['state'] = 'running';
  let starting: Promise<void> = Promise.resolve();
  const end = async (how: () => Promise<void>): Promise<void> => {
    await starting.catch(() => {});
    await how();
    if (state !== 'gone') guard.ended(pid);
    state = 'gone';
  };
  const member: Member = {
    part: 'broker',
    name: 'broker',
    url: broker.brokers,
    unasked: [],
    get state() {
      return state;
    },
    kill9: () => end(broker.kill9),
    pause() {
      broker.pause();
      state = 'paused';
    },
    resume() {
      broker.resume();
      state = 'running';
    },
    async stop() {
      await end(broker.close);
      return null;
    },
    async start() {
      await member.kill9();
      starting = broker.restart().then(() => {
        state = 'running';
      });
      // `untilReady` reports a failure.
      starting.catch(() => {});
    },
    async restart() {
      await member.start();
      await member.untilReady();
    },
    missing: async () => (state === 'running' ? null : `it is ${state}`),
    async untilReady(within) {
      await starting;
      await awaitReady(member, within);
    },
    output: () => readFileSync(join(folder, 'broker.log'), 'utf8').slice(-OUTPUT_KEPT),
  };
  return member;
}
