import type { Attack } from './attack.ts';
import { boundKeys } from './attacks/bound-keys.ts';
import { craftedIds } from './attacks/crafted-ids.ts';
import { cursorsAhead } from './attacks/cursors-ahead.ts';
import { deepQuestions } from './attacks/deep-questions.ts';
import { demoRemoval } from './attacks/demo-removal.ts';
import { distinctValues } from './attacks/distinct-values.ts';
import { failingBackfills } from './attacks/failing-backfills.ts';
import { fileModes } from './attacks/file-modes.ts';
import { forgedViews } from './attacks/forged-views.ts';
import { halfOpen } from './attacks/half-open.ts';
import { longGroups } from './attacks/long-groups.ts';
import { longHistories } from './attacks/long-histories.ts';
import { manyMetrics } from './attacks/many-metrics.ts';
import { manyViews } from './attacks/many-views.ts';
import { oddDefinitions } from './attacks/odd-definitions.ts';
import { oddDoors } from './attacks/odd-doors.ts';
import { openWindows } from './attacks/open-windows.ts';
import { packedRefusals } from './attacks/packed-refusals.ts';
import { poisonRecords } from './attacks/poison-records.ts';
import { propertyNames } from './attacks/property-names.ts';
import { slowParsers } from './attacks/slow-parsers.ts';
import { unreadAnswers } from './attacks/unread-answers.ts';
import { wideRanges } from './attacks/wide-ranges.ts';

/** Every attack of the suite; a new one is a file beside these and a line here. */
export const ATTACKS: readonly Attack[] = [
  wideRanges,
  deepQuestions,
  manyViews,
  openWindows,
  manyMetrics,
  craftedIds,
  halfOpen,
  unreadAnswers,
  propertyNames,
  longGroups,
  distinctValues,
  longHistories,
  cursorsAhead,
  failingBackfills,
  forgedViews,
  packedRefusals,
  slowParsers,
  demoRemoval,
  boundKeys,
  oddDefinitions,
  poisonRecords,
  fileModes,
  oddDoors,
];
