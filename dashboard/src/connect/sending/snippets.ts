/** Where and how the snippets send. */
export interface SnippetFacts {
  /** `http://localhost:8080`. */
  origin: string;
  key: SnippetKey;
}

/** `none`: no key is needed. `variable`: one is needed that the page does not have; a variable takes its place. */
export type SnippetKey = { kind: 'none' } | { kind: 'variable' } | { kind: 'text'; text: string };

export const SNIPPETS = ['curl', 'fetch', 'node', 'browser', 'python'] as const;
export type SnippetId = (typeof SNIPPETS)[number];

export interface Snippet {
  id: SnippetId;
  name: string;
  /** Where it is pasted, and what it needs. */
  about: string;
  code: string;
}

/** The event that every snippet sends. */
export const EXAMPLE = { event: 'order_completed', properties: { amount: 59.9, currency: 'EUR' } } as const;
/** What stands for a key that the page does not have. */
export const KEY_VARIABLE = 'MILLRACE_KEY';

const { event, properties } = EXAMPLE;
/** A text as JavaScript and Python write it. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const PROPERTIES = `{ amount: ${properties.amount}, currency: ${quoted(properties.currency)} }`;

/** Returns snippets that work as they are pasted: with the address, and with the key where there is one to show. */
export const makeSnippets = (facts: SnippetFacts): Snippet[] => [
  { id: 'curl', name: 'curl', about: 'any shell', code: curl(facts) },
  { id: 'fetch', name: 'fetch', about: 'Node, Deno, Bun; in a page too', code: fetching(facts) },
  { id: 'node', name: 'Node SDK', about: 'a shell; retries and batches by itself', code: nodeSdk(facts) },
  {
    id: 'browser',
    name: 'Browser SDK',
    about: 'two files that your own site serves',
    code: browserSdk(facts),
  },
  { id: 'python', name: 'Python', about: 'standard library only', code: python(facts) },
];

function curl({ origin, key }: SnippetFacts): string {
  const header = {
    none: [],
    variable: [`-H "authorization: Bearer $${KEY_VARIABLE}"`],
    text: [`-H 'authorization: Bearer ${key.kind === 'text' ? key.text : ''}'`],
  }[key.kind];
  const json = JSON.stringify(EXAMPLE);
  return [`curl ${origin}/v1/events`, ...header, "-H 'content-type: application/json'", `-d '${json}'`].join(
    ' \\\n  ',
  );
}

function fetching({ origin, key }: SnippetFacts): string {
  const bearer = {
    none: '',
    variable: `authorization: \`Bearer \${process.env.${KEY_VARIABLE}}\`, `,
    text: `authorization: 'Bearer ${key.kind === 'text' ? key.text : ''}', `,
  }[key.kind];
  return `const answer = await fetch('${origin}/v1/events', {
  method: 'POST',
  headers: { ${bearer}'content-type': 'application/json' },
  body: JSON.stringify({ event: ${quoted(event)}, properties: ${PROPERTIES} }),
});
console.log(answer.status, await answer.text());`;
}

/** The options of the client: `{ url: '…', key: '…' }`. */
function options({ origin, key }: SnippetFacts, variable: string): string {
  const given = { none: '', variable, text: key.kind === 'text' ? quoted(key.text) : '' }[key.kind];
  return `{ url: '${origin}'${given === '' ? '' : `, key: ${given}`} }`;
}

const nodeSdk = (facts: SnippetFacts): string => `curl -fsSo millrace.mjs ${facts.origin}/client.js
cat > send.mjs <<'JS'
import { createClient } from './millrace.mjs';

const client = createClient(${options(facts, `process.env.${KEY_VARIABLE}`)});
await client.track(${quoted(event)}, ${PROPERTIES});
console.log('It is on disk.');
await client.close();
JS
node send.mjs`;

const browserSdk = (facts: SnippetFacts): string => `curl -fsSo millrace.js ${facts.origin}/client.js
cat > page.html <<'HTML'
<!doctype html>
<title>Millrace</title>
<script type="module">
  import { createClient } from './millrace.js';

  const client = createClient(${options(facts, "'a key with the scope write'")});
  await client.track(${quoted(event)}, ${PROPERTIES});
  document.body.append('It is on disk.');
</script>
HTML`;

function python({ origin, key }: SnippetFacts): string {
  const bearer = {
    none: '',
    variable: `"authorization": "Bearer " + os.environ["${KEY_VARIABLE}"], `,
    text: `"authorization": "Bearer ${key.kind === 'text' ? key.text : ''}", `,
  }[key.kind];
  return `import json${key.kind === 'variable' ? ', os' : ''}, urllib.request

event = ${JSON.stringify(EXAMPLE)}
request = urllib.request.Request(
    "${origin}/v1/events",
    json.dumps(event).encode(),
    {${bearer}"content-type": "application/json"},
)
print(urllib.request.urlopen(request).read().decode())`;
}

/** Returns the snippet of an address; another text, and none, is the first. */
export const readSnippet = (text: string | null): SnippetId =>
  SNIPPETS.find((id) => id === text) ?? SNIPPETS[0];
