import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS, type ErrorCode, type Fault, MillraceError, shown } from '#contracts/errors.ts';
import { wordsForAll } from '#platform/process/words-for-all.ts';
import { createRouteTable } from '../route-table.ts';
import { secure } from '../security-headers.ts';
import { offerMissingPage, sendNotFound } from './not-found.ts';
import { sendProblem } from './problem.ts';

/** Fastify's own refusals, in Millrace's codes. */
const FRAMEWORK: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'empty_body',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_encoding',
  FST_ERR_VALIDATION: 'invalid_parameter',
  FST_ERR_BAD_URL: 'invalid_address',
  FST_ERR_MAX_PARAM_LENGTH: 'invalid_address',
};

/** Every error leaves as problem details: known ones with their code, bugs as `internal`, logged in full. */
export function handleErrors(server: FastifyInstance): void {
  offerMissingPage(server);
  const table = createRouteTable();
  server.addHook('onRoute', (route) => table.add(route.method, route.url));
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!;
    const methods = table.methodsAt(path);
    // A name in it is longer than any that exists.
    if (methods.includes(request.method)) {
      return sendNotFound(request, reply, {
        code: 'invalid_address',
        message: `There is nothing at ${shown(path)}, which is too long.`,
      });
    }
    if (methods.length === 0) {
      return sendNotFound(request, reply, {
        code: 'not_found',
        message: `There is nothing at ${shown(path)}.`,
      });
    }
    const allow = methods.join(', ');
    reply.header('allow', allow);
    return sendProblem(reply, {
      code: 'method_not_allowed',
      message: `${shown(path)} takes ${allow}, not ${request.method}.`,
    });
  });
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const fault = faultOf(error);
    // Whoever asked has left: what was stopped because of that has not failed.
    const isLeft = fault.code === 'shutting_down' && reply.raw.destroyed;
    if (ERRORS[fault.code].status >= 500 && !isLeft) {
      // Parameters may name a person.
      const [path] = request.url.split('?');
      request.log.error({ code: fault.code, err: error, url: path }, 'request failed');
    }
    return sendFault(request, reply, fault);
  });
}

/** An address that cannot be read is one where there is nothing. */
const sendFault = (request: FastifyRequest, reply: FastifyReply, fault: Fault): FastifyReply =>
  fault.code === 'invalid_address' ? sendNotFound(request, reply, fault) : sendProblem(reply, fault);

function faultOf(error: FastifyError): Fault {
  if (error instanceof MillraceError) {
    const { code, field } = error;
    const message = ERRORS[code].status >= 500 ? wordsForAll(error) : error.message;
    return field === undefined ? { code, message } : { code, message, field };
  }
  const code = FRAMEWORK[error.code];
  if (code !== undefined) return { code, message: error.message };
  const { statusCode = 500 } = error;
  // What serves files has no codes of its own.
  if (statusCode === 412) return { code: 'precondition_failed', message: 'The file has changed meanwhile.' };
  const ofFile = error.code === undefined || error.code.startsWith('FST_STATIC_');
  if (ofFile && (statusCode === 400 || statusCode === 403)) {
    const message =
      'This is not the address of a file: it begins with one slash, and has no ".." and no %00.';
    return { code: 'invalid_address', message };
  }
  if (statusCode >= 400 && statusCode < 500) return { code: 'invalid_parameter', message: error.message };
  return {
    code: 'internal',
    message: 'The request failed because of a fault in Millrace; its log has the details.',
  };
}

/** Faults before routing, such as an address that cannot be decoded. */
export function handleFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  secure(reply);
  sendFault(request, reply, faultOf(error));
}
