import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A helper process of the chain bench: one answer for each message. */
export interface Helper {
  ask<Answer>(message: object): Promise<Answer>;
  /** The next message that comes by itself. */
  told(): Promise<unknown>;
  close(): Promise<void>;
}

export function startHelper(file: string, args: string[] = []): Helper {
  const child: ChildProcess = fork(join(import.meta.dirname, file), args);
  const exited = once(child, 'exit');
  const told = async (): Promise<unknown> => {
    const ended = exited.then(([code]) => {
      throw new Error(`${file} ended with ${code}`);
    });
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown];
    return message;
  };
  return {
    told,
    async ask<Answer>(message: object) {
      const answer = told();
      child.send(message);
      return (await answer) as Answer;
    },
    async close() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
