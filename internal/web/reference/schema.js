// What a schema allows, in the manner of TypeScript. One with a name is spelled out once.
export function typeText(api, schema, told = new Set(), indent = '') {
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1);
    const named = api.components.schemas[name];
    if (named.type !== 'object' || told.has(name)) {
      return named.enum ? typeText(api, named, told, indent) : name;
    }
    return `${name} ${typeText(api, named, told.add(name), indent)}`;
  }
  if (schema.enum) {
    return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  }
  if (schema.anyOf) {
    return schema.anyOf.map((one) => typeText(api, one, told, indent)).join(' | ');
  }
  if (schema.properties) {
    return objectText(api, schema, told, indent);
  }
  if (schema.type === 'array') {
    return `[${typeText(api, schema.items, told, indent)}]`;
  }
  return [schema.type ?? 'any'].flat().join(' | ');
}

function objectText(api, schema, told, indent) {
  const inner = `${indent}  `;
  const lines = Object.entries(schema.properties).map(([name, property]) => {
    const optional = schema.required?.includes(name) ? '' : '?';
    const says = [limits(property), property.description].filter(Boolean).join('. ');
    return `${inner}${name}${optional}: ${typeText(api, property, told, inner)}${says && `  // ${says}`}`;
  });
  return ['{', ...lines, `${indent}}`].join('\n');
}

// The bounds of a value in words.
export function limits(schema) {
  const between = (least, most, what) => {
    if (most === undefined) {
      return least === undefined ? '' : `at least ${least}${what}`;
    }
    return `${least ?? 'up'} to ${most}${what}`;
  };
  return [
    between(schema.minimum, schema.maximum, ''),
    between(schema.minLength, schema.maxLength, ' characters'),
    between(schema.minItems, schema.maxItems, ' items'),
    schema.default !== undefined && `else ${JSON.stringify(schema.default)}`,
  ].filter(Boolean).join(', ');
}
