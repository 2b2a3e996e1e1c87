import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { shortLength } from './account.ts';
import type { BodyCase } from './body-case.ts';

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

export const stopSending = (): void => agent.destroy();

/** Sends a request; a wrong length over a connection of its own. Null where the connection ended without an answer. */
export function sendBody(url: string, sent: BodyCase): Promise<Answer | null> {
  const headers = {
    ...(sent.contentType === undefined ? {} : { 'content-type': sent.contentType }),
    ...(sent.encoding === undefined ? {} : { 'content-encoding': sent.encoding }),
  };
  if (sent.framing === 'short' || sent.framing === 'long') return sendLying(url, sent, headers);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const length = sent.framing === 'exact' ? { 'content-length': sent.bytes.length } : {};
  const request = httpRequest(
    `${url}${sent.path}`,
    { method: 'POST', agent, headers: { ...headers, ...length } },
    async (response) => {
      const chunks: Buffer[] = await response.toArray();
      resolve({ status: response.statusCode!, body: JSON.parse(Buffer.concat(chunks).toString()) });
    },
  );
  request.on('error', reject);
  request.end(sent.bytes);
  return promise;
}

/**
 * Declares half the length, or more than there is, and then ends its side of the connection. Bytes beyond the declared length
 * are not HTTP and get an answer of their own after the one to the request.
 */
function sendLying(url: string, sent: BodyCase, headers: Record<string, string>): Promise<Answer | null> {
  const { hostname, port, host } = new URL(url);
  const length = sent.framing === 'short' ? shortLength(sent.bytes) : sent.bytes.length + 10;
  const lines = Object.entries({ ...headers, host, 'content-length': length }).map(
    ([k, v]) => `${k}: ${v}\r\n`,
  );
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write(`POST ${sent.path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    if (sent.framing === 'long') socket.end(sent.bytes);
    else socket.write(sent.bytes);
    socket.on('data', (chunk) => {
      text += chunk;
      if (!socket.writableEnded) socket.end();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => error.code !== 'ECONNRESET' && reject(error));
    socket.on('close', () => resolve(text === '' ? null : firstAnswer(text)));
  });
}

/** Returns the first answer; a second one is to the bytes beyond the declared length. */
function firstAnswer(text: string): Answer {
  const start = text.indexOf('\r\n\r\n') + 4;
  const length = Number(/content-length: (\d+)/i.exec(text)![1]);
  const body = Buffer.from(text.slice(start)).subarray(0, length).toString();
  return { status: Number(text.slice(9, 12)), body: JSON.parse(body) };
}
