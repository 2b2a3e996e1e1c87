import { createClient } from '#client/index.ts';
import type { Client } from '#client/types.ts';
import { emptyContents, type ViewContents } from '#contracts/frame.ts';
import type { ViewRequest } from '#contracts/view.ts';

/** One client's view over the time it is followed. */
export interface Followed {
  /** Such as `websocket at http://…`. */
  readonly name: string;
  readonly url: string;
  readonly request: ViewRequest;
  readonly contents: ViewContents;
  /** ms between two changes, the longest such time since `measure`; up to now where none has come. */
  quiet(): number;
  measure(): void;
  close(): void;
}

/** Clients of the SDK that stay connected: one by WebSocket and one by polling at every gateway. */
export interface Audience {
  /** Each of them subscribes; resolves when each has contents. */
  follow(request: ViewRequest): Promise<Followed[]>;
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
): Promise<Followed> {
  let contents = emptyContents();
  let last = Date.now();
  let longest = 0;
  return new Promise((resolve, reject) => {
    const subscription = client.subscribe(request, {
      onChange(shared) {
        const now = Date.now();
        longest = Math.max(longest, now - last);
        last = now;
        contents = shared;
        resolve(followed);
      },
      onRefused: (refusal) => refusal.retry || reject(new Error(`${name}: ${refusal.message}`)),
    });
    const followed: Followed = {
      ...{ name, url, request },
      get contents() {
        return contents;
      },
      quiet: () => Math.max(longest, Date.now() - last),
      measure() {
        longest = 0;
        last = Date.now();
      },
      close: () => subscription.close(),
    };
  });
}
