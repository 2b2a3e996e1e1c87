import { expect, vi } from 'vitest';
import type { PostAnswer } from '#contracts/event/event.ts';

/** A metric and the events it counts, of this run alone, so that the suite can run against a Millrace in use. */
export interface Subject {
  readonly url: string;
  readonly metric: string;
  readonly event: string;
  /** `fetch` at a path of it, with the key where one is given. */
  ask(path: string | URL, init?: RequestInit): Promise<Response>;
  define(): Promise<void>;
  /** Posts `n` events of a group, durable when it resolves. */
  post(group: string, n: number): Promise<void>;
  remove(): Promise<void>;
}

/** `key`: of scope admin, for a Millrace that needs one. */
export function createSubject(url: string, key?: string): Subject {
  const id = `conformance-${crypto.randomUUID().slice(0, 8)}`;
  const bearer: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const ask = (path: string | URL, init: RequestInit = {}) =>
    fetch(new URL(path, url), {
      ...init,
      headers: { ...(init.headers as Record<string, string>), ...bearer },
    });
  const call = async (method: string, path: string, body?: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await ask(
      path,
      body === undefined ? { method } : { method, headers, body: JSON.stringify(body) },
    );
    expect(
      answer.ok,
      `${method} ${path}: ${answer.status} ${answer.ok ? '' : await answer.clone().text()}`,
    ).toBe(true);
    return answer;
  };
  return {
    url,
    metric: id,
    event: id,
    ask,
    async define() {
      await call('PUT', `/v1/metrics/${id}`, {
        event: id,
        aggregate: 'count',
        groupBy: ['group', 'size'],
        window: '10s',
      });
    },
    async post(group, n) {
      const events = Array.from({ length: n }, (_, i) => ({
        event: id,
        properties: { group, size: i % 2 ? 'L' : 'S' },
      }));
      const answer = (await (await call('POST', '/v1/events', events)).json()) as PostAnswer;
      expect(answer).toEqual({ accepted: n, late: 0, duplicates: 0, rejected: 0, errors: [] });
    },
    async remove() {
      await call('DELETE', `/v1/metrics/${id}`);
    },
  };
}

/** Waits for an outcome; the limit only ends what hangs. */
export const until = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 20_000, interval: 25 });
