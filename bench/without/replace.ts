/**
 * `node --import <this file>?<module>=<stand-in>`: replaces a module of the project by one of this folder, which may use it.
 * For benchmarks of the gateway with and without a part; the product has no such switch.
 */
import { registerHooks } from 'node:module';

const replaced = [...new URL(import.meta.url).searchParams].map(([module, standIn]) => ({
  module: new URL(`../../${module}`, import.meta.url).href,
  standIn: new URL(standIn, import.meta.url).href,
}));

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    const found = replaced.find(({ module }) => resolved.url === module);
    if (found === undefined || context.parentURL === found.standIn) return resolved;
    return { ...resolved, url: found.standIn };
  },
});
