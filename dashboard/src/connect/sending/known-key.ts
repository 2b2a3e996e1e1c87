import type { Scope } from '#contracts/key.ts';
import type { OwnKey } from '../connect-api.ts';
import type { SnippetKey } from './snippets.ts';

/** What is known of a key for senders. `may make`: the page's key can make one; `lacks`: it cannot. */
export type KnownKey =
  | { state: 'asking' }
  | { state: 'none' }
  | { state: 'made'; key: string }
  | { state: 'may make' }
  | { state: 'lacks'; scope: readonly Scope[] };

/** `made`: the key that was made on this page. */
export function knownKey(own: OwnKey | null, made: string | null): KnownKey {
  if (made !== null) return { state: 'made', key: made };
  if (own === null) return { state: 'asking' };
  if (own.id === null) return { state: 'none' };
  return own.scope.includes('admin') ? { state: 'may make' } : { state: 'lacks', scope: own.scope };
}

/** The page's own key is in no snippet: it reads too, and what is copied ends up in histories and tickets. */
export function snippetKey(known: KnownKey): SnippetKey {
  if (known.state === 'made') return { kind: 'text', text: known.key };
  return { kind: known.state === 'none' ? 'none' : 'variable' };
}
