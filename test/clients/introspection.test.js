import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql';
import { ask, folder } from './stoa.js';

const introspected = buildClientSchema(await ask(getIntrospectionQuery({
  descriptions: true,
  directiveIsRepeatable: true,
  inputValueDeprecation: true,
  oneOf: true,
  schemaDescription: true,
  specifiedByUrl: true,
})));

const sorted = (schema) => printSchema(lexicographicSortSchema(schema));

test('introspection tells what `stoa schema` prints', async () => {
  const printed = buildSchema(await readFile(join(folder, 'schema.graphql'), 'utf8'));
  assert.equal(sorted(introspected), sorted(printed));
});
