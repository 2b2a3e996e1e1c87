import type { FastifyInstance } from 'fastify';
import { MillraceError, ok, type Result, refuse, shown } from '#contracts/errors.ts';
import type { ViewRequest } from '#contracts/view.ts';
import type { ViewDesk } from '../view-desk.ts';
import { answerSeries } from './series-answer.ts';

const PARAMETERS = ['range', 'window', 'groupBy', 'where'] as const;
type Query = Record<string, string | string[] | undefined>;

/** The same views as the socket's, once. */
export function addSeriesRoute(server: FastifyInstance, desk: ViewDesk): void {
  const text = (description: string) => ({ type: 'string', description });
  const options = {
    validatorCompiler: () => () => true,
    schema: {
      tags: ['metrics'],
      summary: 'The series of a metric over a range',
      params: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
      querystring: {
        type: 'object',
        properties: {
          range: text('Duration such as 15m'),
          window: text('Duration, a multiple of the pane'),
          groupBy: text('Dimensions to keep, separated by commas; empty merges all'),
          where: text('URL-encoded JSON, such as {"country":"DE"}'),
        },
      },
      response: {
        200: { type: 'object', additionalProperties: true, description: 'Windows, and a value for each' },
      },
    },
  };
  server.get<{ Params: { id: string }; Querystring: Query }>(
    '/v1/metrics/:id/series',
    options,
    async (request) => {
      const asked = readQuery(request.params.id, request.query);
      if (!asked.ok) throw new MillraceError(asked.fault);
      const opened = await desk.open(asked.value, null, undefined);
      if (!opened.ok) throw new MillraceError(opened.fault);
      desk.release(opened.value.live, true);
      return answerSeries(opened.value);
    },
  );
}

function readQuery(metric: string, query: Query): Result<ViewRequest> {
  const unknown = Object.keys(query).find((name) => !(PARAMETERS as readonly string[]).includes(name));
  if (unknown !== undefined) {
    return refuse(
      'invalid_parameter',
      `${shown(unknown)} is not a parameter; there are ${PARAMETERS.join(', ')}.`,
      unknown,
    );
  }
  const { range, window, groupBy, where } = query;
  for (const [name, value] of Object.entries({ range, window, where })) {
    if (Array.isArray(value))
      return refuse('invalid_parameter', `${name} is given ${value.length} times.`, name);
  }
  const filter = where === undefined ? ok(undefined) : readWhere(where as string);
  if (!filter.ok) return filter;
  const dimensions =
    groupBy === undefined
      ? undefined
      : [groupBy]
          .flat()
          .flatMap((g) => g.split(','))
          .filter((g) => g !== '');
  return ok({
    metric,
    ...(range === undefined ? {} : { range: range as string }),
    ...(window === undefined ? {} : { window: window as string }),
    ...(dimensions === undefined ? {} : { groupBy: dimensions }),
    ...(filter.value === undefined ? {} : { where: filter.value }),
  });
}

function readWhere(text: string): Result<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return ok(value as Record<string, unknown>);
  } catch {
    // Refused below, in the same words.
  }
  return refuse(
    'invalid_parameter',
    `where: expected a JSON object such as {"country":"DE"}, got ${shown(text)}.`,
    'where',
  );
}
