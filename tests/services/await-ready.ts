import { setTimeout as wait } from 'node:timers/promises';
import { lastLines } from './last-lines.ts';
import type { Member } from './member.ts';

const WITHIN = 120_000;

/** Resolves when the member serves; see `Member.untilReady`. */
export async function awaitReady(member: Member, within = WITHIN): Promise<void> {
  const deadline = Date.now() + within;
  for (;;) {
    const missing = await member.missing();
    if (missing === null) return;
    if (member.state === 'gone' || Date.now() > deadline)
      throw new Error(
        `${member.name} is not ready (waited up to ${within} ms): ${missing}\n${lastLines(member)}`,
      );
    await wait(100);
  }
}
