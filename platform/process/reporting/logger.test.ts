import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';

it('writes no secret', () => {
  let text = '';
  const logger = createLogger('info', 'test', {
    write: (line) => {
      text += line;
    },
  });
  logger.info({
    authorization: 'hunter2',
    req: { method: 'GET', headers: { authorization: 'hunter2', cookie: 'hunter2' } },
  });
  logger.info({ connection: { url: 'http://db', password: 'hunter2' } }, 'connected');
  expect(text).not.toContain('hunter2');
  expect(text).toContain('[secret]');
  expect(text).toContain('http://db');
});
