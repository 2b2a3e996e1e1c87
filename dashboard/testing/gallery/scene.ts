import type { ConnectionStatus } from '#client/types.ts';
import type { Panel } from '#contracts/board/panel.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import type { Session } from '../../src/app/session.svelte.ts';
import type { FakeMode } from '../fake-mode.ts';

/** One specimen of the gallery: a panel, or the state of the link, in one state. */
export interface Scene {
  /** Names its picture too. */
  id: string;
  caption: string;
  /** Null shows the link. */
  panel: Panel | null;
  mode: FakeMode;
  /** What of the link differs from a live one. */
  link?: Partial<ConnectionStatus>;
  /** What the browser says of the network. */
  offline?: boolean;
  /** What the reader does, some seconds before the moment that is shown. */
  act?: (session: Session) => void;
}

export interface Chapter {
  title: string;
  scenes: readonly Scene[];
}

type Parts = Partial<Omit<Panel, 'view'>> & Omit<ViewRequest, 'metric'>;

/** A panel that fills its place of the gallery. */
export function panelOf(id: string, kind: Panel['kind'], metric: string | null, parts: Parts = {}): Panel {
  const { window = '10s', groupBy, range, where, ...rest } = parts;
  const view = { window, ...(groupBy && { groupBy }), ...(range && { range }), ...(where && { where }) };
  return {
    id,
    kind,
    title: id.replaceAll('-', ' '),
    place: { x: 0, y: 0, w: 1, h: 1 },
    view: metric === null ? null : { metric, ...view },
    outputs: [],
    ...rest,
  };
}
