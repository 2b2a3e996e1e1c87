import { expect, it } from 'vitest';
import { functionSizes } from './function-sizes.ts';

const sizesOf = (...lines: string[]) =>
  Object.fromEntries(functionSizes('a.ts', lines.join('\n')).map(({ name, lines }) => [name, lines]));

it('names a function, where it begins and how long it is', () => {
  const text = '\nexport function outer(): number {\n  return 1;\n}\n';
  expect(functionSizes('a.ts', text)).toEqual([{ name: 'outer', line: 2, lines: 3 }]);
});

it('leaves the closures of a factory to their own counts', () => {
  const factory = sizesOf(
    'function createQueue() {',
    '  const items = [];',
    '  function push(x) {',
    '    items.push(x);',
    '    return items;',
    '  }',
    '  const peek = () => {',
    '    return items[0];',
    '  };',
    '  return {',
    '    push,',
    '    shift() {',
    '      return items.shift();',
    '    },',
    '    size: () => items.length,',
    '  };',
    '}',
  );
  // A line remains of each: 17 - 3 - 2 - 2.
  expect(factory).toEqual({ createQueue: 10, push: 4, peek: 3, shift: 3, size: 1 });
});

it('leaves the methods of a class to their own counts, whatever encloses it', () => {
  const counts = sizesOf(
    'function create() {',
    '  return class {',
    '    constructor() {',
    '      this.a = 1;',
    '    }',
    '    read = () => {',
    '      return this.a;',
    '    };',
    '  };',
    '}',
  );
  expect(counts).toEqual({ create: 6, constructor: 3, read: 3 });
});

it('counts an anonymous callback in full for what encloses it, without what it declares', () => {
  const counts = sizesOf(
    'function walk(list) {',
    '  list.forEach((x) => {',
    '    const show = () => {',
    '      console.log(x);',
    '    };',
    '    show();',
    '  });',
    '}',
  );
  expect(counts).toEqual({ walk: 6, '(inline)': 4, show: 3 });
});

it('counts the own statements of a factory however many closures it has', () => {
  const statements = Array.from({ length: 90 }, (_, i) => `  items.push(${i});`);
  expect(sizesOf('function create() {', ...statements, '  const f = () => {', '  };', '}')).toEqual({
    create: 93,
    f: 2,
  });
});

it('treats a suite as a list, not as a function', () => {
  const text = "describe('a', () => {\n  it('b', () => {\n    expect(1);\n  });\n});\n";
  expect(functionSizes('a.test.ts', text)).toEqual([{ name: '(inline)', line: 2, lines: 3 }]);
});
