import { openApiOf } from '#contracts/schema/open-api.ts';
import { REBUILD_PROGRESS } from '#contracts/view/rebuild-progress.ts';
import { problems } from '../definitions/definition-options.ts';

const params = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };
const tags = ['metrics'];
const progress = (description: string) => openApiOf(REBUILD_PROGRESS, { description });
const READING = problems(['unknown_metric', 'derived_metric', 'forbidden_metric', 'store_unavailable']);
const CHANGING = problems([
  'unknown_metric',
  'derived_metric',
  'precondition_failed',
  'log_unavailable',
  'store_unavailable',
]);
const ASKING = problems([
  'unknown_metric',
  'derived_metric',
  'not_rebuildable',
  'precondition_failed',
  'log_unavailable',
  'store_unavailable',
]);
const described = { validatorCompiler: () => () => true, serializerCompiler: () => JSON.stringify };

/** Schemas only describe, for /openapi.json. */
export const REBUILD_OPTIONS = {
  get: {
    ...described,
    config: { access: 'read' },
    schema: {
      tags,
      summary: 'How far the rebuild of a metric is',
      params,
      response: { 200: progress('Its progress'), ...READING },
    },
  },
  post: {
    ...described,
    config: { access: 'admin' },
    schema: {
      tags,
      summary: 'Count the events that were late for a metric until now',
      description:
        'Late events that come later stay uncounted, until it is asked for again. A new version begins without.',
      params,
      response: { 202: progress('It has begun'), ...ASKING },
    },
  },
  delete: {
    ...described,
    config: { access: 'admin' },
    schema: {
      tags,
      summary: 'Cancel the rebuild of a metric; partitions that are done stay done',
      params,
      response: { 200: progress('What has become of it'), ...CHANGING },
    },
  },
} as const;
