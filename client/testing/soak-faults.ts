import fc from 'fast-check';
import { ERRORS, type ErrorCode } from '#contracts/errors.ts';
import { problemOf } from '#platform/http/refusals/problem.ts';

/** What something between the client and the server does to one request. */
export interface Fault {
  name: string;
  /** Whether the server has the events by then. */
  stores: boolean;
  /** Whether it ends when the client gives up. */
  heeds: boolean;
  delay: number;
  /** `real` is the server's own answer where it has the events. */
  answer(real: Response | null, request: string): Promise<Response>;
}

const HTML = '<!doctype html><title>Sign in to the network</title>';
const BODIES: Record<string, (count: number) => string> = {
  nothing: () => '',
  page: () => HTML,
  'an empty object': () => '{}',
  null: () => 'null',
  'an empty account': () => '{"accepted":0,"duplicates":0,"rejected":0,"errors":[]}',
  'an account of others': (n) => `{"accepted":${n + 1},"duplicates":0,"rejected":0,"errors":[]}`,
  'an account without errors': (n) => `{"accepted":0,"duplicates":0,"rejected":${n},"errors":[]}`,
  'an account below zero': (n) => `{"accepted":${n + 1},"duplicates":-1,"rejected":0,"errors":[]}`,
  'a cut account': (n) => `{"accepted":${n},"duplicates":0,"reject`,
  'an error elsewhere': (n) =>
    `{"accepted":${n - 1},"duplicates":0,"rejected":1,"errors":[{"index":${n},"code":"x","message":""}]}`,
  "another's problem": () => '{"type":"about:blank","code":"not_found","detail":"No route.","retry":false}',
  "another's error": () => '{"error":{"code":"forbidden"},"accepted":true,"errors":[]}',
  'a long page': () => HTML + ' '.repeat(2_100_000),
};
const STATUSES = [
  200, 201, 202, 203, 206, 207, 226, 300, 302, 304, 307, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409,
]
  .concat([
    410, 411, 412, 413, 414, 415, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431, 444, 451, 460, 494,
    499,
  ])
  .concat([
    500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 521, 522, 523, 524, 525, 526, 527, 530, 598, 599,
  ]);
const EMPTY = [204, 205, 304];

const foreign = fc
  .record({
    status: fc.constantFrom(...STATUSES, ...EMPTY),
    body: fc.constantFrom(...Object.keys(BODIES)),
    type: fc.constantFrom('text/html', 'application/json', 'application/problem+json', ''),
    after: fc.constantFrom(null, '0', '3', 'Wed, 21 Oct 2015 07:28:00 GMT', 'soon'),
  })
  .map(({ status, body, type, after }) => ({
    name: `${status} with ${body}`,
    answer: async (_: Response | null, request: string) => {
      const text = BODIES[body]!((JSON.parse(request) as unknown[]).length);
      const headers = new Headers(type === '' ? {} : { 'content-type': type });
      if (after !== null) headers.set('retry-after', after);
      return new Response(EMPTY.includes(status) ? null : text, { status, headers });
    },
  }));

/** Millrace's own problems that a retry may help. */
const own = fc
  .constantFrom(...(Object.keys(ERRORS) as ErrorCode[]).filter((code) => ERRORS[code].retry))
  .map((code) => ({
    name: code,
    answer: async () =>
      Response.json(problemOf({ code, message: 'Later.' }), { status: ERRORS[code].status }),
  }));

const cut = { name: 'cut', answer: () => Promise.reject(new TypeError('fetch failed')) };
const silence = { name: 'silence', answer: () => new Promise<Response>(() => {}) };
const cutWithin = {
  name: 'cut within the answer',
  answer: async (real: Response | null) => {
    const text = real === null ? HTML : await real.text();
    const body = new ReadableStream({
      start(stream) {
        stream.enqueue(new TextEncoder().encode(text.slice(0, -2)));
        stream.error(new TypeError('terminated'));
      },
    });
    return new Response(body);
  },
};
const endless = {
  name: 'an answer without end',
  answer: async () => {
    const page = new TextEncoder().encode(HTML.repeat(10_000));
    return new Response(new ReadableStream({ pull: (stream) => stream.enqueue(page) }));
  },
};
/** The server's own answer, but late. */
const slow = { name: 'slow', answer: async (real: Response | null) => real ?? Response.error() };

export const fault: fc.Arbitrary<Fault> = fc
  .record({
    stores: fc.boolean(),
    heeds: fc.boolean(),
    delay: fc.constantFrom(0, 0, 5, 200, 5_000, 29_999, 40_000),
    what: fc.oneof(
      { weight: 6, arbitrary: foreign },
      { weight: 2, arbitrary: own },
      { weight: 3, arbitrary: fc.constantFrom(cut, silence, cutWithin, endless, slow) },
    ),
  })
  .map(({ what, ...more }) => ({ ...more, ...what }));
