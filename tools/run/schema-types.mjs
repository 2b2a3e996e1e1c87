/** The type of the values that a schema of `contracts` takes, as a declaration that imports nothing; descriptions become comments. */
export function typeOf(schema, indent = '') {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf !== undefined) return schema.anyOf.map((branch) => typeOf(branch, indent)).join(' | ');
  if (schema.type === undefined) return 'unknown';
  return [schema.type]
    .flat()
    .map((type) => typeOfKind(type, schema, indent))
    .join(' | ');
}

function typeOfKind(type, schema, indent) {
  if (type === 'integer') return 'number';
  if (type === 'array') {
    const items = typeOf(schema.items ?? {}, indent);
    return items.includes(' ') ? `(${items})[]` : `${items}[]`;
  }
  return type === 'object' ? typeOfObject(schema, indent) : type;
}

function typeOfObject({ properties, required = [], additionalProperties: others }, indent) {
  if (properties === undefined) {
    return `Record<string, ${typeof others === 'object' ? typeOf(others, indent) : 'unknown'}>`;
  }
  const inner = `${indent}    `;
  const members = Object.entries(properties).map(([name, one]) => {
    // For a nullable value, the shape of the value is described.
    const description = one.description ?? one.anyOf?.[0]?.description;
    const comment =
      description === undefined ? '' : `${inner}/** ${description.replaceAll('*/', '* /')} */\n`;
    return `${comment}${inner}${name}${required.includes(name) ? '' : '?'}: ${typeOf(one, inner)};\n`;
  });
  if (typeof others === 'object') {
    // Known names are names too: what a name holds is any of these.
    const all = [others, ...Object.values(properties)].map((one) => typeOf(one, inner));
    members.push(`${inner}[name: string]: ${[...new Set(all), 'undefined'].join(' | ')};\n`);
  }
  return `{\n${members.join('')}${indent}}`;
}
