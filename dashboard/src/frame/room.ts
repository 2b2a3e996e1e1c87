import type { Component } from 'svelte';
import type { Place } from '../app/place.ts';
import type { Session } from '../app/session.svelte.ts';

export type IconName =
  | 'now'
  | 'boards'
  | 'explore'
  | 'metrics'
  | 'events'
  | 'connect'
  | 'system'
  | 'settings'
  | 'shortcuts'
  | 'find'
  | 'more'
  | 'ink'
  | 'paper';

/** A room as the rail, the palette and the shortcuts know it. */
export interface RoomEntry {
  name: string;
  icon: IconName;
  /** Pressed after G, it leads here. */
  key: string;
  place: Place;
  /** Other places that belong to it. */
  holds: readonly Place['room'][];
  /** Whether it stands at the end of the rail, apart from the others. */
  last: boolean;
}

/** What every room gets. */
export interface RoomProps {
  session: Session;
  /** The board or the metric of the address; empty elsewhere. */
  id: string;
  /** The path of an address at which there is nothing; empty elsewhere. */
  path: string;
  /** Whether there is no room for twelve columns. */
  phone: boolean;
  /** Called with the title of a board once it is known. */
  ontitle: (board: string, title: string) => void;
}

export type LoadRoom = () => Promise<{ default: Component<RoomProps> }>;

/** Whether a place is the room or belongs to it. */
export const isIn = (entry: RoomEntry, place: Place): boolean =>
  entry.place.room === place.room || entry.holds.includes(place.room);
