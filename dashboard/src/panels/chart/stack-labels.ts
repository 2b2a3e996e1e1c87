import type { Panel } from '#contracts/board/panel.ts';
import type { ViewInfo } from '#contracts/view/view.ts';

/** Why a panel that asks for a stack shows none; empty where it has what it asks for. */
export const stackWords = ({ stack }: Pick<Panel, 'stack'>, { adds }: Pick<ViewInfo, 'adds'>): string =>
  stack === true && adds === 'nothing' ? 'not stacked: values do not add' : '';
