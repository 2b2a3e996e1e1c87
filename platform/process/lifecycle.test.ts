import { describe, expect, it } from 'vitest';
import { MillraceError } from '#contracts/errors.ts';
import { startLifecycle } from './lifecycle.ts';
import { createLogger } from './reporting/logger.ts';

/** A lifecycle on a process that is not there: signals and faults are sent by hand, exits are written down. */
function startOn(deadline = 30_000) {
  const exits: number[] = [];
  const lines: Record<string, unknown>[] = [];
  const first = Promise.withResolvers<number>();
  let signal = (_: string): void => {};
  let fault = (_: unknown, __: 'uncaughtException' | 'unhandledRejection'): void => {};
  let now = 0;
  const lifecycle = startLifecycle({
    logger: createLogger('debug', 'test', { write: (line) => void lines.push(JSON.parse(line)) }),
    deadline,
    hooks: {
      now: () => now,
      onSignal: (listener) => {
        signal = listener;
      },
      onFault: (listener) => {
        fault = listener;
      },
      exit: (code) => {
        exits.push(code);
        first.resolve(code);
      },
    },
  });
  return {
    lifecycle,
    exits,
    lines,
    exited: first.promise,
    signal: (s: string) => signal(s),
    pass: (ms: number) => {
      now += ms;
    },
    fault: (e: unknown) => fault(e, 'unhandledRejection'),
  };
}
const never = () => new Promise<void>(() => {});

describe('startLifecycle', () => {
  it('runs the steps from the last added to the first, one at a time, and exits with 0', async () => {
    const { lifecycle, signal, exited, exits } = startOn();
    const done: string[] = [];
    for (const name of ['log', 'store', 'http']) {
      lifecycle.addStep(name, async () => {
        done.push(`${name} begins`);
        await new Promise(setImmediate);
        done.push(`${name} ends`);
      });
    }
    signal('SIGTERM');
    expect(await exited).toBe(0);
    expect(done).toEqual([
      'http begins',
      'http ends',
      'store begins',
      'store ends',
      'log begins',
      'log ends',
    ]);
    expect(exits).toEqual([0]);
  });

  it('goes on past a failing step, logs it with its code, and exits with 1', async () => {
    const { lifecycle, signal, exited, lines } = startOn();
    let closed = false;
    lifecycle.addStep('log', async () => {
      closed = true;
    });
    lifecycle.addStep('store', () =>
      Promise.reject(new MillraceError({ code: 'store_unavailable', message: 'gone' })),
    );
    signal('SIGINT');
    expect(await exited).toBe(1);
    expect(closed).toBe(true);
    expect(lines).toContainEqual(expect.objectContaining({ code: 'store_unavailable', step: 'store' }));
  });

  it('cuts a stop that takes too long, naming the step', async () => {
    const { lifecycle, signal, exited, lines } = startOn(5);
    lifecycle.addStep('stuck', never);
    signal('SIGTERM');
    expect(await exited).toBe(1);
    expect(lines).toContainEqual(expect.objectContaining({ step: 'stuck', deadline: 5 }));
  });

  it('exits at once with 1 on a second signal, but not on an echo of the first', async () => {
    const { lifecycle, signal, exits, pass } = startOn();
    lifecycle.addStep('stuck', never);
    signal('SIGINT');
    pass(400);
    signal('SIGINT');
    expect(exits).toEqual([]);
    pass(200);
    signal('SIGINT');
    expect(exits).toEqual([1]);
  });

  it('logs a bug as fatal and exits with 1 without running steps', () => {
    const { lifecycle, fault, exits, lines } = startOn();
    let ran = false;
    lifecycle.addStep('log', async () => {
      ran = true;
    });
    fault(new Error('a bug'));
    expect(exits).toEqual([1]);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 60, code: 'internal', msg: 'unhandledRejection' }),
    );
    expect(ran).toBe(false);
  });

  it('stops once for the part that asks, with its code', async () => {
    const { lifecycle, exits, signal } = startOn();
    await Promise.all([lifecycle.stop('the log is gone', 1), lifecycle.stop('again')]);
    expect(exits).toEqual([1]);
    signal('SIGTERM');
    expect(exits).toEqual([1, 1]);
  });
});
