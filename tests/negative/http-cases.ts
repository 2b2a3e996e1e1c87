import { gzipSync } from 'node:zlib';
import type { ErrorCode } from '#contracts/errors.ts';
import type { CallerName } from './refusing-server.ts';

/** A request that must be refused: its caller, what it asks for, and the code of the answer. */
export interface HttpCase {
  case: string;
  by: CallerName;
  request: string;
  code: ErrorCode;
  body?: string | (() => Uint8Array);
  headers?: Record<string, string>;
}

const EVENT = '{"event":"order"}';
const METRIC = '{"event":"order","aggregate":"count"}';
const JSON_BODY = { 'content-type': 'application/json' };
const key = (fields: object) => ({
  body: JSON.stringify({ name: 'x', scope: 'read', ...fields }),
  headers: JSON_BODY,
});
const put = { body: METRIC, headers: JSON_BODY };

/** What a key does not allow, address by address. */
// biome-ignore format: a table is read by its rows
export const SCOPE_CASES: HttpCase[] = [
  { case: 'post an event', by: 'reader', request: 'POST /v1/events', body: EVENT, code: 'forbidden_scope' },
  { case: 'put a metric', by: 'reader', request: 'PUT /v1/metrics/orders', ...put, code: 'forbidden_scope' },
  { case: 'delete a metric', by: 'reader', request: 'DELETE /v1/metrics/orders', code: 'forbidden_scope' },
  { case: 'put a board', by: 'reader', request: 'PUT /v1/boards/home', ...put, code: 'forbidden_scope' },
  { case: 'delete a board', by: 'reader', request: 'DELETE /v1/boards/home', code: 'forbidden_scope' },
  { case: 'make a key', by: 'reader', request: 'POST /v1/keys', ...key({}), code: 'forbidden_scope' },
  { case: 'list keys', by: 'reader', request: 'GET /v1/keys', code: 'forbidden_scope' },
  { case: 'revoke a key', by: 'reader', request: 'DELETE /v1/keys/abc', code: 'forbidden_scope' },
  { case: 'erase a person', by: 'reader', request: 'DELETE /v1/events?key=u_42', code: 'forbidden_scope' },
  { case: 'start the demo', by: 'reader', request: 'POST /v1/demo', code: 'forbidden_scope' },
  { case: 'remove the demo', by: 'reader', request: 'DELETE /v1/demo', code: 'forbidden_scope' },
  { case: 'list metrics', by: 'writer', request: 'GET /v1/metrics', code: 'forbidden_scope' },
  { case: 'read a board', by: 'writer', request: 'GET /v1/boards/home', code: 'forbidden_scope' },
  { case: 'read the measurements', by: 'writer', request: 'GET /metrics', code: 'forbidden_scope' },
  { case: 'read events', by: 'writer', request: 'GET /v1/events', code: 'forbidden_scope' },
  { case: 'erase a person', by: 'writer', request: 'DELETE /v1/events?key=u_42', code: 'forbidden_scope' },
  { case: 'read the status', by: 'writer', request: 'GET /v1/status', code: 'forbidden_scope' },
  { case: 'read what was refused', by: 'writer', request: 'GET /v1/rejected', code: 'forbidden_scope' },
  { case: 'put a metric', by: 'writer', request: 'PUT /v1/metrics/orders', ...put, code: 'forbidden_scope' },
  { case: 'make a key', by: 'writer', request: 'POST /v1/keys', ...key({ scope: 'admin' }), code: 'forbidden_scope' },
  { case: 'post an event', by: 'nobody', request: 'POST /v1/events', body: EVENT, code: 'missing_key' },
  { case: 'read the measurements', by: 'nobody', request: 'GET /metrics', code: 'missing_key' },
  { case: 'read what was refused', by: 'nobody', request: 'GET /v1/rejected', code: 'missing_key' },
  { case: 'list keys', by: 'nobody', request: 'GET /v1/keys', code: 'missing_key' },
  { case: 'a metric of others', by: 'limited reader', request: 'GET /v1/metrics/users', code: 'forbidden_metric' },
  { case: 'groups of a metric of others', by: 'limited reader', request: 'GET /v1/metrics/users/groups', code: 'forbidden_metric' },
  { case: 'read groups', by: 'writer', request: 'GET /v1/metrics/orders/groups', code: 'forbidden_scope' },
  { case: 'read groups', by: 'nobody', request: 'GET /v1/metrics/orders/groups', code: 'missing_key' },
  { case: 'what was refused of all metrics', by: 'limited reader', request: 'GET /v1/rejected', code: 'forbidden_metric' },
  { case: 'read events', by: 'nobody', request: 'GET /v1/events', code: 'missing_key' },
  { case: 'erase a person', by: 'nobody', request: 'DELETE /v1/events?key=u_42', code: 'missing_key' },
  { case: 'events of all metrics', by: 'limited reader', request: 'GET /v1/events', code: 'forbidden_metric' },
  { case: 'a metric that is not there', by: 'limited reader', request: 'GET /v1/metrics/none', code: 'forbidden_metric' },
];

/** Requests that foreign pages can make browsers send, and keys in places where they must not be. */
// biome-ignore format: a table is read by its rows
export const ORIGIN_CASES: HttpCase[] = [
  { case: 'a rebound name reads', by: 'reader', request: 'GET /v1/metrics', headers: { host: 'evil.example' }, code: 'forbidden_host' },
  { case: 'a rebound name posts', by: 'writer', request: 'POST /v1/events', body: EVENT, headers: { host: 'evil.example' }, code: 'forbidden_host' },
  { case: 'a rebound name opens the page', by: 'nobody', request: 'GET /', headers: { host: 'evil.example:8080' }, code: 'forbidden_host' },
  { case: 'a rebound name makes a key', by: 'operator', request: 'POST /v1/keys', ...key({}), headers: { ...JSON_BODY, host: '127.0.0.1.evil.example' }, code: 'forbidden_host' },
  { case: 'a page of others puts a metric', by: 'operator', request: 'PUT /v1/metrics/orders', body: METRIC, headers: { ...JSON_BODY, origin: 'https://evil.example' }, code: 'forbidden_origin' },
  { case: 'a page of others makes a key', by: 'operator', request: 'POST /v1/keys', ...key({}), headers: { ...JSON_BODY, origin: 'https://evil.example' }, code: 'forbidden_origin' },
  { case: 'a page of others erases a person', by: 'operator', request: 'DELETE /v1/events?key=u_42', headers: { origin: 'https://evil.example' }, code: 'forbidden_origin' },
  { case: 'a page without an origin of its own', by: 'operator', request: 'DELETE /v1/metrics/orders', headers: { origin: 'null' }, code: 'forbidden_origin' },
  { case: "another page than the key's posts", by: 'writer of one page', request: 'POST /v1/events', body: EVENT, headers: { origin: 'https://evil.example' }, code: 'forbidden_origin' },
  { case: "another page than the key's reads", by: 'reader of one page', request: 'GET /v1/metrics', headers: { origin: 'https://evil.example' }, code: 'forbidden_origin' },
  { case: 'a key in the address', by: 'nobody', request: 'GET /v1/metrics?key=mr_0123456789ab_0123456789abcdef', code: 'key_in_url' },
  { case: 'a key in the address of a post', by: 'writer', request: 'POST /v1/events?key=mr_0123456789ab_0123456789abcdef', body: EVENT, code: 'key_in_url' },
  { case: 'a key in a path', by: 'operator', request: 'DELETE /v1/keys/mr_0123456789ab_0123456789abcdef', code: 'key_in_url' },
  { case: 'a name and a password', by: 'nobody', request: 'GET /v1/metrics', headers: { authorization: 'Basic YTpi' }, code: 'invalid_key' },
  { case: 'Bearer and nothing', by: 'nobody', request: 'GET /v1/metrics', headers: { authorization: 'Bearer' }, code: 'invalid_key' },
  { case: 'two keys in one header', by: 'nobody', request: 'GET /v1/metrics', headers: { authorization: 'Bearer a b' }, code: 'invalid_key' },
  { case: 'a key of 10 kB', by: 'nobody', request: 'GET /v1/metrics', headers: { authorization: `Bearer ${'x'.repeat(10_000)}` }, code: 'invalid_key' },
];

/** Requests that are too large, malformed, or for something that does not exist. */
// biome-ignore format: a table is read by its rows
export const BODY_CASES: HttpCase[] = [
  { case: 'no body', by: 'writer', request: 'POST /v1/events', code: 'empty_body' },
  { case: 'more bytes than the limit', by: 'writer', request: 'POST /v1/events', body: `[${`${EVENT},`.repeat(20_000)}${EVENT}]`, code: 'body_too_large' },
  { case: 'more events than the limit', by: 'writer', request: 'POST /v1/events', body: `[${`${EVENT},`.repeat(100)}${EVENT}]`, code: 'too_many_events' },
  { case: 'an event over the limit', by: 'writer', request: 'POST /v1/events', body: `{"event":"${'x'.repeat(3_000)}"}`, code: 'event_too_large' },
  { case: 'a bomb', by: 'writer', request: 'POST /v1/events', body: () => zeros(), headers: { 'content-encoding': 'gzip' }, code: 'body_too_large' },
  { case: 'an encoding nobody knows', by: 'writer', request: 'POST /v1/events', body: EVENT, headers: { 'content-encoding': 'rot13' }, code: 'unsupported_encoding' },
  { case: 'no gzip though it says so', by: 'writer', request: 'POST /v1/events', body: EVENT, headers: { 'content-encoding': 'gzip' }, code: 'invalid_encoding' },
  { case: 'a content type nobody knows', by: 'writer', request: 'POST /v1/events', body: 'hello', headers: { 'content-type': 'image/png' }, code: 'unsupported_media_type' },
  { case: 'half a JSON', by: 'writer', request: 'POST /v1/events', body: '{"event":', code: 'invalid_json' },
  { case: 'an event from the future', by: 'writer', request: 'POST /v1/events', body: '{"event":"x","timestamp":"2199-01-01T00:00:00Z"}', code: 'timestamp_in_future' },
  { case: 'nesting without end', by: 'writer', request: 'POST /v1/events', body: `{"event":"x","properties":{"a":${'['.repeat(500)}${']'.repeat(500)}}}`, code: 'too_deep' },
  { case: 'a definition over the limit', by: 'operator', request: 'PUT /v1/metrics/big', body: `{"title":"${'x'.repeat(300_000)}"}`, headers: JSON_BODY, code: 'body_too_large' },
  { case: 'a key without a scope', by: 'operator', request: 'POST /v1/keys', body: '{"name":"x"}', headers: JSON_BODY, code: 'invalid_definition' },
  { case: 'a key of a scope nobody knows', by: 'operator', request: 'POST /v1/keys', ...key({ scope: 'root' }), code: 'invalid_definition' },
  { case: 'a key that may choose its secret', by: 'operator', request: 'POST /v1/keys', ...key({ hash: 'x' }), code: 'invalid_definition' },
  { case: 'a key for every origin', by: 'operator', request: 'POST /v1/keys', ...key({ origins: ['*'] }), code: 'invalid_definition' },
  { case: 'a key that has expired when it is made', by: 'operator', request: 'POST /v1/keys', ...key({ expires: '2020-01-01T00:00:00Z' }), code: 'invalid_definition' },
  { case: 'to revoke what is not there', by: 'operator', request: 'DELETE /v1/keys/abc', code: 'unknown_key' },
  { case: 'an address that is not there', by: 'operator', request: 'GET /v1/secrets', code: 'not_found' },
  { case: 'a file above the folder', by: 'nobody', request: 'GET /..%2f..%2fpackage.json', code: 'not_found' },
  { case: 'a method that is not there', by: 'operator', request: 'PATCH /v1/keys', code: 'method_not_allowed' },
  { case: 'a page of refusals over the limit', by: 'reader', request: 'GET /v1/rejected?limit=5000', code: 'out_of_range' },
  { case: 'a page of refusals that nobody gave', by: 'reader', request: 'GET /v1/rejected?cursor=x', code: 'invalid_parameter' },
  { case: 'more names of groups than the limit', by: 'reader', request: 'GET /v1/metrics/orders/groups?limit=5000', code: 'out_of_range' },
  { case: 'a range over the limit', by: 'reader', request: 'GET /v1/metrics/orders/series?range=900d', code: 'view_too_large' },
];

/** Two million zeros in two thousand bytes. */
const zeros = (): Uint8Array => gzipSync(new Uint8Array(2_000_000));
