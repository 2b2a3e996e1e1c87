import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const CLIENT = join(import.meta.dirname, 'index.ts');

/** Runs a program that has the SDK as `createClient`, to its end. */
const run = (text: string): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const program = `import { createClient } from ${JSON.stringify(CLIENT)};\n${text}`;
    const args = ['--input-type=module', '--eval', program];
    const child = execFile(process.execPath, args, { timeout: 50_000 }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
const tells = "console.log('alive');";

it('refuses an address without http at once', async () => {
  const program = `try { createClient({ url: 'localhost:8080' }); } catch (error) { console.log(error.name, error.message); }`;
  const { code, stdout } = await run(program);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^TypeError url: expected an address such as .*http or https, got "localhost:8080"/);
});

it.each([
  ['nobody listens', `createClient({ url: 'http://127.0.0.1:9', onError() {} }).track('a');`],
  [
    'everything throws',
    `const thrower = () => { throw null; };
     const storage = { getItem: thrower, setItem: thrower, removeItem: thrower };
     createClient({ url: 'http://127.0.0.1:9', onError: thrower, key: thrower, storage }).track('a');`,
  ],
  ['nothing is asked', `createClient({ url: 'http://127.0.0.1:9' });`],
  [
    'it is closed',
    `const c = createClient({ url: 'http://127.0.0.1:9', onError() {} }); c.subscribe({ metric: 'm' }, { onChange() {} }); c.track('a'); c.close();`,
  ],
])('lets a program end by itself and well where %s', async (_, text) => {
  expect(await run(`${text}${tells}`)).toMatchObject({ code: 0, stdout: 'alive\n' });
});
