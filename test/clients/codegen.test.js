import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { codegen } from '@graphql-codegen/core';
import * as typedDocumentNode from '@graphql-codegen/typed-document-node';
import * as typescript from '@graphql-codegen/typescript';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { Client, fetchExchange } from '@urql/core';
import { buildClientSchema, getIntrospectionQuery, parse, printSchema } from 'graphql';
import settings from './codegen/codegen.config.js';
import { compile, here } from './compile.js';
import { ask, authorization, folder, stock, url } from './stoa.js';

// Does what graphql-codegen's command does with its settings.
async function generate() {
  const schema = parse(printSchema(buildClientSchema(await ask(getIntrospectionQuery()))));
  const document = parse(await readFile(here(`codegen/${settings.documents}`), 'utf8'));
  const pluginMap = {
    typescript, 'typescript-operations': typescriptOperations, 'typed-document-node': typedDocumentNode,
  };
  for (const [filename, { plugins, config }] of Object.entries(settings.generates)) {
    const text = await codegen({
      schema,
      documents: [{ document }],
      filename,
      pluginMap,
      plugins: plugins.map((plugin) => ({ [plugin]: {} })),
      config: { ...settings.config, ...config },
    });
    await writeFile(join(folder, filename), text);
  }
}

test('a program over the generated types compiles and runs', async () => {
  const { category, products } = await stock('codegen', 3);
  await generate();
  const { shop } = await compile('codegen/shop.ts');
  const client = new Client({ url, exchanges: [fetchExchange], fetchOptions: { headers: authorization } });
  assert.deepEqual(await shop(client, category), {
    names: ['codegen', 'codegen 02', 'codegen 01'],
    prices: ['1.50', '1.50'],
    stocked: products.slice(1).reverse().map((id) => ({ __typename: 'Product', id, inventory: 7 })),
  });
});
