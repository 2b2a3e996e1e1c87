import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A helper process: one answer for each message. */
export interface Helper {
  ask<Answer>(message: object): Promise<Answer>;
  /** The next message that comes by itself. */
  told(): Promise<unknown>;
  close(): Promise<void>;
}

export function startHelper(file: URL, args: string[] = []): Helper {
  const child: ChildProcess = fork(file, args);
  const exited = once(child, 'exit');
  const told = async (): Promise<unknown> => {
    const ended = exited.then(([code]) => {
      throw new Error(`${file.pathname} ended with ${code}`);
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
