import { untrack } from 'svelte';
import type { ViewContents } from '#contracts/view/frame.ts';
import type { Refusal } from '#contracts/view/protocol.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import type { Session } from '../app/session.svelte.ts';

/** A view, as it was at most half a second ago. */
export interface Newest {
  info: ViewInfo;
  contents: ViewContents;
}

/** Follows a view for a list that is set as text: it changes no more than twice a second, and not while the page is paused. */
export function followView(read: () => { session: Session; request: ViewRequest | null }): {
  readonly newest: Newest | null;
  readonly refusal: Refusal | null;
} {
  let newest = $state.raw<Newest | null>(null);
  let refusal = $state.raw<Refusal | null>(null);
  const asked = $derived(JSON.stringify(read().request));
  $effect(() => {
    const request: ViewRequest | null = JSON.parse(asked);
    // Another question that asks for the same view is no reason to begin anew.
    const { session } = untrack(read);
    newest = null;
    refusal = null;
    if (request === null) return;
    let info: ViewInfo | null = null;
    let contents: ViewContents | null = null;
    let changed = false;
    const show = (): void => {
      if (info === null || contents === null || !changed) return;
      changed = false;
      newest = { info, contents };
    };
    const subscription = session.client.subscribe(request, {
      onInfo(next) {
        info = next;
      },
      onRefused(reason) {
        refusal = reason;
      },
      onChange(next) {
        contents = next;
        changed = true;
        refusal = null;
        if (newest === null) show();
      },
    });
    const timer = setInterval(() => {
      if (session.held === null) show();
    }, 500);
    return () => {
      clearInterval(timer);
      subscription.close();
    };
  });
  return {
    get newest() {
      return newest;
    },
    get refusal() {
      return refusal;
    },
  };
}
