/** Which methods an address takes, to tell 405 from 404. */
export interface RouteTable {
  add(methods: string | string[], pattern: string): void;
  /** Ascending; empty when no route has the path. */
  methodsAt(path: string): string[];
}

export function createRouteTable(): RouteTable {
  const routes = new Map<string, { matches: RegExp; methods: Set<string> }>();
  return {
    add(methods, pattern) {
      // Wildcards (static files, preflights) match everything and would hide what is missing.
      if (pattern.includes('*')) return;
      const entry = routes.get(pattern) ?? { matches: toExpression(pattern), methods: new Set() };
      for (const method of [methods].flat()) entry.methods.add(method);
      routes.set(pattern, entry);
    },
    methodsAt: (path) => {
      const found = [...routes.values()].filter((route) => route.matches.test(path));
      return [...new Set(found.flatMap((route) => [...route.methods]))].sort();
    },
  };
}

/** Fastify's `:name` takes one segment. */
const toExpression = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
      .join('/')}$`,
  );
