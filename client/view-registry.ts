import type { Frame } from '#contracts/frame.ts';
import type { Beat, Notice } from '#contracts/protocol.ts';
import type { ViewRequest } from '#contracts/view.ts';
import { requestKey } from './request-key.ts';
import { SharedView, type ViewDeps } from './shared-view.ts';
import type { Wire } from './socket.ts';
import type { ViewListener, ViewSubscription } from './types.ts';

export interface ViewRegistry {
  subscribe(request: ViewRequest, listener: ViewListener): ViewSubscription;
  resume(wire: Wire): void;
  pause(): void;
  frame(frame: Frame): void;
  beat(beat: Beat): void;
  ended(notice: Notice): void;
}

/** All views of the client, one per distinct request, kept while somebody is subscribed. */
export function createViewRegistry(deps: ViewDeps): ViewRegistry {
  const views = new Map<string, SharedView>();
  let wire: Wire | null = null;

  // Requests that differ in text can still mean one view: each holds its own contents under the same name.
  const named = (id: string) => [...views.values()].filter((view) => view.id === id);

  const end = (key: string, view: SharedView) => {
    views.delete(key);
    view.pause();
    if (view.id !== null && named(view.id).length === 0) wire?.unsubscribe(view.id);
  };
  const open = (key: string, request: ViewRequest) => {
    const view = new SharedView(request, deps);
    views.set(key, view);
    if (wire !== null) view.resume(wire);
    return view;
  };
  return {
    subscribe(request, listener) {
      const key = requestKey(request);
      const view = views.get(key) ?? open(key, structuredClone(request));
      // Its own object, so that one listener can be given to two subscriptions.
      const own: ViewListener = {
        onChange: (contents, change) => listener.onChange(contents, change),
        onInfo: (info) => listener.onInfo?.(info),
        onRefused: (refusal) => listener.onRefused?.(refusal),
      };
      view.add(own);
      return {
        close() {
          if (view.listeners.delete(own) && view.listeners.size === 0) end(key, view);
        },
      };
    },
    resume(next) {
      wire = next;
      for (const view of views.values()) view.resume(next);
    },
    pause() {
      wire = null;
      for (const view of views.values()) view.pause();
    },
    frame(frame) {
      for (const change of frame.views) {
        for (const view of named(change.view)) view.receive(frame, change);
      }
    },
    beat(beat) {
      for (const progress of beat.views) {
        for (const view of named(progress.view)) view.beat(progress, beat.offset);
      }
    },
    ended(notice) {
      if (notice.view === undefined) return;
      for (const view of named(notice.view)) view.ended(notice);
    },
  };
}
