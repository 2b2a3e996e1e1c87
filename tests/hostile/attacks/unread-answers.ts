import type { Attack } from '../attack.ts';

/** Paths of GET requests, from the longest answer to the one that takes longest to produce. */
const PATHS = [
  '/openapi.json',
  '/metrics',
  '/v1/metrics',
  '/v1/metrics/honest/series?range=30m&window=1s',
  '/v1/demo',
  '/nothing',
  '/',
];
/** Of one connection at once: less than an address may ask in a second. */
const PIPELINED = 150;

/** Pipelined requests whose answers are never read and stay in the kernel's buffers. */
export const unreadAnswers: Attack = {
  name: 'unread answers',
  what: 'requests that come many in one piece, on connections that read nothing',
  async run(stage) {
    const connections = stage.long ? 200 : 4;
    for (const path of PATHS) {
      if (stage.over.aborted) return;
      const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
      for (let i = 0; i < connections; i++)
        stage.attacker.dial(request.repeat(PIPELINED), `127.0.0.${2 + (i % 8)}`).pause();
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  },
};
