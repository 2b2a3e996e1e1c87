import type { Panel } from '#contracts/board/panel.ts';
import type { Session } from '../../app/session.svelte.ts';
import type { Feed } from '../feed/panel-feed.svelte.ts';
import type { PanelCondition } from '../feed/panel-state.ts';

/** What the bodies of panels that list groups are given. */
export interface ListBodyProps {
  session: Session;
  feed: Feed;
  panel: Panel;
  range: number;
  condition: PanelCondition;
  title: string;
  /** Told the words of the header: what the figures are of. */
  oncaption: (words: string) => void;
}
