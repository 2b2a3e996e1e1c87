import { setTimeout as wait } from 'node:timers/promises';
import type { Action } from './plan-run.ts';
import type { Stack } from './start-stack.ts';

/** Performs the planned actions, and waits until all members serve again by themselves. `note` gets what was done when. */
export async function performRun(
  stack: Stack,
  actions: readonly Action[],
  note: (line: string) => void,
): Promise<void> {
  await Promise.all(actions.map((action) => perform(stack, action, note)));
  await Promise.all(stack.members().map((member) => member.untilReady()));
  note('all are ready');
}

async function perform(stack: Stack, action: Action, note: (line: string) => void): Promise<void> {
  const member = stack.members().find(({ name }) => name === action.member)!;
  await wait(action.at);
  note(`${action.kind} ${member.name}`);
  if (action.kind === 'kill') await member.kill9();
  else member.pause();
  await wait(action.lasts);
  if (action.kind === 'kill') await member.start();
  else member.resume();
  note(`${action.kind === 'kill' ? 'start' : 'resume'} ${member.name}`);
}
