import { MillraceError } from '#contracts/errors.ts';
import type { Frame } from '#contracts/view/frame.ts';
import type { SubscribeRequest } from '#contracts/view/preview-request.ts';
import type { Notice, Refusal } from '#contracts/view/protocol.ts';
import { guard, type ReportError } from '../host/listeners.ts';
import type { Wire } from '../live/socket.ts';
import type { Heartbeat, ViewListener, ViewSubscription } from '../types.ts';
import { SharedView, type ViewDeps } from './shared-view.ts';

export interface ViewRegistry {
  subscribe(request: SubscribeRequest, listener: ViewListener): ViewSubscription;
  resume(wire: Wire): void;
  pause(): void;
  frame(frame: Frame): void;
  heartbeat(heartbeat: Heartbeat): void;
  ended(notice: Notice): void;
  /** The server refuses the client. Returns false where there is no view that could report it. */
  refused(refusal: Refusal): boolean;
  /** Asks for the views that were refused. */
  askAgain(): void;
}

/** All views of the client, one per distinct request, kept while it has subscribers. */
export function createViewRegistry(deps: ViewDeps): ViewRegistry {
  const views = new Map<string, SharedView>();
  let wire: Wire | null = null;
  let shut: Refusal | null = null;

  // Requests that differ in text can still mean one view: each holds its own contents under the same name.
  const named = (id: string) => [...views.values()].filter((view) => view.id === id);

  const end = (key: string, view: SharedView) => {
    views.delete(key);
    view.pause();
    if (view.id !== null && named(view.id).length === 0) wire?.unsubscribe(view.id);
  };
  const open = (key: string, request: SubscribeRequest) => {
    const view = new SharedView(request, deps);
    views.set(key, view);
    if (wire !== null) view.resume(wire);
    return view;
  };
  return {
    subscribe(request, listener) {
      const key = requestKey(request);
      const view = views.get(key) ?? open(key, request);
      const own = createOwn(listener, deps.report);
      view.add(own);
      const refusal = shut;
      if (refusal !== null)
        queueMicrotask(() => {
          if (view.listeners.has(own)) guard(deps.report, () => own.onRefused(refusal));
        });
      return {
        close() {
          if (view.listeners.delete(own) && view.listeners.size === 0) end(key, view);
        },
      };
    },
    resume(next) {
      wire = next;
      shut = null;
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
    heartbeat(heartbeat) {
      for (const progress of heartbeat.views) {
        for (const view of named(progress.view)) view.heartbeat(progress, heartbeat.offset);
      }
    },
    ended(notice) {
      if (notice.view === undefined) return;
      for (const view of named(notice.view)) view.ended(notice);
    },
    refused(refusal) {
      shut = refusal;
      for (const view of views.values()) view.ended(refusal);
      return views.size > 0;
    },
    askAgain() {
      for (const view of views.values()) view.askAgain();
    },
  };
}

/**
 * Returns the listener as an object of its own, so that one can be used for two subscriptions. A refusal that it has no callback
 * for is reported; one that the client retries, once and not for each answer.
 */
function createOwn(listener: ViewListener, report: ReportError): Required<ViewListener> {
  let reported: Refusal['code'] | null = null;
  return {
    onChange(contents, change) {
      reported = null;
      return listener.onChange(contents, change);
    },
    onInfo: (info) => listener.onInfo?.(info),
    onRefused(refusal) {
      if (listener.onRefused !== undefined) return listener.onRefused(refusal);
      if (refusal.retry && refusal.code === reported) return;
      reported = refusal.code;
      report(new MillraceError(refusal));
    },
  };
}

/** Returns the same text for requests that mean the same for any metric: the order of names and values does not count, but in a definition. */
export function requestKey({ where, definition, ...rest }: SubscribeRequest): string {
  const conditions = Object.entries(where ?? {}).map(([dimension, value]) => [dimension, [value].flat()]);
  return JSON.stringify([definition, inOrder({ ...rest, where: Object.fromEntries(conditions) })]);
}

/** Returns a part of a request with names and values in order, and without names that say nothing. */
function inOrder(part: unknown): unknown {
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return [...part].sort();
  return Object.entries(part)
    .filter(([, value]) => value != null)
    .map(([name, value]) => [name, inOrder(value)])
    .sort();
}
