import type { HttpCase } from './http-cases.ts';
import { fetchRaw } from './open-socket.ts';
import type { World } from './refusing-server.ts';

/** Sends the request of a case, with the key of its caller. */
export function askCase(
  world: World,
  { by, request, body, headers }: Omit<HttpCase, 'case' | 'code'>,
): ReturnType<typeof fetchRaw> {
  const [method, path] = request.split(' ') as [string, string];
  const key = world.keyOf(by);
  const authorization: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  const bytes = typeof body === 'function' ? body() : body;
  const sent = {
    ...authorization,
    ...(bytes === undefined ? {} : { 'content-length': String(Buffer.byteLength(bytes)) }),
  };
  return fetchRaw(`${world.url}${path}`, { ...sent, ...headers }, method, bytes);
}
