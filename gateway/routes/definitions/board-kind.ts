import { BOARD, parseBoard } from '#contracts/board/board.ts';
import { MillraceError } from '#contracts/errors.ts';
import { openApiOf } from '#contracts/schema/open-api.ts';
import { checkTexts } from '#contracts/text/check-texts.ts';
import { type DefinitionKind, oncePerBody } from './definition-kind.ts';

/** Boards. A board may show a metric that does not exist yet; the panel says so. */
export const BOARD_KIND: DefinitionKind = {
  kind: 'board',
  plural: 'boards',
  unknown: 'unknown_board',
  refusals: ['invalid_filter', 'out_of_range', 'lone_surrogate', 'too_deep'],
  forbid: () => null,
  protect: () => null,
  schema: openApiOf(BOARD),
  read(id, body) {
    const unfit = checkTexts(body, 'invalid_definition');
    if (unfit !== null) throw new MillraceError(unfit);
    const board = parseBoard(id, body);
    if (!board.ok) throw new MillraceError(board.fault);
    return { ...board.value };
  },
  needsOthers: () => false,
  checkRemoval: () => null,
  versionOf: () => null,
  fault: oncePerBody(({ id, body }) => {
    const board = parseBoard(id, body);
    return board.ok ? null : board.fault;
  }),
  describe: async () => ({}),
  list: async () => ({}),
};
