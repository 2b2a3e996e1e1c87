import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import ts from 'typescript';
import { CLIENT_ENTRIES } from './client-build.mjs';
import { ROOT } from './root.mjs';
import { typeOf } from './schema-types.mjs';

/** The types of a module of the SDK as one declaration file that imports nothing: what its entry exports, and what that is made of. */
export function clientTypes(module = 'client') {
  const entry = CLIENT_ENTRIES[module];
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const files = emitDeclarations(entry, { ...options, types: ['node'] });
  const find = (name, path) => findDeclaration(name, path, files, options);
  const names = namesExportedBy(files.get(entry));
  const statements = reach(entry, names, find);
  return `${statements.join('\n')}\nexport { ${names.toSorted().join(', ')} };\n`;
}

/** The declarations that the compiler writes for each source, by the source's path. */
function emitDeclarations(entry, options) {
  const files = new Map();
  const program = ts.createProgram([entry], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
  });
  const { emitSkipped, diagnostics } = program.emit(undefined, (name, text, _, __, [source]) =>
    files.set(source.fileName, ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)),
  );
  if (emitSkipped || diagnostics.length > 0) throw new Error('The types of the SDK cannot be written.');
  return files;
}

function namesExportedBy(file) {
  return file.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement))
      return statement.exportClause.elements.map(({ name }) => name.text);
    const exported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    return exported ? namesDeclaredBy(statement) : [];
  });
}

function namesDeclaredBy(statement) {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.text);
  return ts.isImportDeclaration(statement) || statement.name === undefined ? [] : [statement.name.text];
}

/** The statement that declares what `name` means in a file, over imports and exports of others; null for what is not the project's. */
function findDeclaration(name, path, files, options) {
  const file = files.get(path);
  if (file === undefined) return null;
  for (const statement of file.statements) {
    if (namesDeclaredBy(statement).includes(name)) return { statement, path };
    const bindings = ts.isExportDeclaration(statement)
      ? statement.exportClause
      : ts.isImportDeclaration(statement) && statement.importClause?.namedBindings;
    const binding = (bindings || undefined)?.elements?.find((element) => element.name.text === name);
    if (!binding || statement.moduleSpecifier === undefined) continue;
    const { resolvedModule } = ts.resolveModuleName(statement.moduleSpecifier.text, path, options, ts.sys);
    return findDeclaration(
      (binding.propertyName ?? binding.name).text,
      resolvedModule.resolvedFileName,
      files,
      options,
    );
  }
  return null;
}

/** The texts that declare these names and, recursively, the names in them; in the order of discovery. */
function reach(entry, names, find) {
  const found = new Map();
  const written = new Map();
  const visit = (name, from) => {
    const declared = find(name, from);
    if (declared === null) return;
    const { statement, path } = declared;
    const other = found.get(name);
    if (other === statement) return;
    if (other !== undefined) throw new Error(`Two types of the SDK are named ${name}.`);
    found.set(name, statement);
    const schema = schemaOf(statement, path, find);
    written.set(statement, print(statement, schema));
    if (schema !== null) return;
    const walk = (node) => {
      if (ts.isIdentifier(node) && node.parent.name !== node) visit(node.text, path);
      ts.forEachChild(node, walk);
    };
    walk(statement);
  };
  for (const name of names) visit(name, entry);
  return [...written.values()];
}

const load = createRequire(import.meta.url);

/** The schema of a type that is `Static<typeof SCHEMA>`; null for another type. */
function schemaOf(statement, path, find) {
  const { type } = statement;
  if (!ts.isTypeAliasDeclaration(statement) || !ts.isTypeReferenceNode(type)) return null;
  const [of] = type.typeArguments ?? [];
  if (type.typeName.text !== 'Static' || of === undefined || !ts.isTypeQueryNode(of)) return null;
  const name = of.exprName.text;
  return load(find(name, path).path)[name];
}

/** The statement with its comment, declared and no longer exported by itself; the type of a schema spelled out. */
function print(statement, schema) {
  const start = statement.getStart();
  const comment = statement
    .getFullText()
    .slice(0, start - statement.getFullStart())
    .trim();
  const declared = schema === null ? statement.getText() : `type ${statement.name.text} = ${typeOf(schema)};`;
  const text = declared.replace(/^export /, '').replace(/^declare /, '');
  return `${comment === '' ? '' : `${comment}\n`}declare ${text}`;
}

// `node tools/run/client-types.mjs <module> <file>`: by the Node of Millrace, since it reads schemas out of TypeScript.
if (process.argv[1] === import.meta.filename) writeFileSync(process.argv[3], clientTypes(process.argv[2]));
