import { describe, expect, it } from 'vitest';
import { BOARD } from '../board/board.ts';
import { PANEL, PLACE } from '../board/panel.ts';
import { WHERE } from '../filter/where.ts';
import { KEY_GRANT } from '../key.ts';
import { METRIC } from '../metric/metric.ts';
import { PATH } from '../metric/property-path.ts';
import { DURATION } from '../text/duration.ts';
import { PREVIEW_SUBSCRIPTION } from '../view/preview-request.ts';
import { VIEW_REQUEST } from '../view/view-request.ts';
import { openApiOf } from './open-api.ts';
import type { Schema } from './schema.ts';
import { checkReadLaws } from './testing/read-laws.ts';

/** The same by its keywords alone, so that values beyond its examples are made. */
const byKeywords = ({ examples: _examples, test: _test, check: _check, ...keywords }: Schema): Schema =>
  keywords;

const SHAPES: Record<string, Schema> = {
  BOARD,
  DURATION,
  KEY_GRANT,
  METRIC,
  PANEL,
  PATH,
  PLACE,
  PREVIEW_SUBSCRIPTION,
  VIEW_REQUEST,
  WHERE,
  'WHERE by its keywords': byKeywords(WHERE),
  'PLACE by its keywords': byKeywords(PLACE),
};

describe.each(Object.entries(SHAPES))('%s', (_name, schema) => {
  it('reads what fits as it is, and names what was damaged', () => checkReadLaws(schema));

  it('is plain JSON in the document', () => {
    const document = openApiOf(schema);
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});
