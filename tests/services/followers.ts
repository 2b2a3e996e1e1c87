import { createClient } from '#client/index.ts';
import type { Client } from '#client/types.ts';
import { emptyContents, type ViewContents } from '#contracts/view/frame.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';

/** One client's view over the time it is followed. */
export interface Followed {
  /** Such as `websocket at http://…`. */
  readonly name: string;
  readonly url: string;
  readonly request: ViewRequest;
  readonly contents: ViewContents;
  /** How long its `asOf` stood still at most since `measure`, ms: so long it had no news of some partition. */
  quiet(): number;
  measure(): void;
  close(): void;
}

export interface FollowedMetric extends Followed {
  /** Whether the history of a metric that its client follows is still being filled in, as the last beat said; null before the first. */
  filling(): boolean | null;
}

/** Clients of the SDK that stay connected: one by WebSocket and one by polling at every gateway. */
export interface Audience {
  /** Each of them subscribes; resolves when each has contents. */
  follow(request: ViewRequest): Promise<FollowedMetric[]>;
  close(): Promise<void>;
}

const TRANSPORTS = ['websocket', 'polling'] as const;

export function openAudience(urls: readonly string[]): Audience {
  const clients = urls.flatMap((url) =>
    TRANSPORTS.map((transport) => ({
      url,
      name: `${transport} at ${url}`,
      client: createClient({ url, transports: [transport] }),
    })),
  );
  return {
    follow: (request) => Promise.all(clients.map((of) => followView(of, request))),
    close: async () => void (await Promise.all(clients.map(({ client }) => client.close()))),
  };
}

/** Follows one view; resolves with its first contents. */
export function followView(
  { url, name, client }: { url: string; name: string; client: Client },
  request: ViewRequest,
): Promise<FollowedMetric> {
  let contents = emptyContents();
  let asOf = 0;
  let last = Date.now();
  let longest = 0;
  let filling: boolean | null = null;
  const look = (): void => {
    if ((contents.asOf ?? 0) <= asOf) return;
    asOf = contents.asOf!;
    const now = Date.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  return new Promise((resolve, reject) => {
    const unhear = client.onHeartbeat((beat) => {
      look();
      if (beat.views.length > 0) filling = beat.views.some(({ filled }) => filled !== undefined);
    });
    const subscription = client.subscribe(request, {
      onChange(shared) {
        contents = shared;
        look();
        resolve(followed);
      },
      onRefused: (refusal) => refusal.retry || reject(new Error(`${name}: ${refusal.message}`)),
    });
    const followed: FollowedMetric = {
      ...{ name, url, request },
      get contents() {
        return contents;
      },
      quiet: () => Math.max(longest, Date.now() - last),
      measure() {
        longest = 0;
        last = Date.now();
      },
      filling: () => filling,
      close() {
        unhear();
        subscription.close();
      },
    };
  });
}
