import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import compiler from 'relay-compiler';
import relay from 'relay-runtime';
import { authorization, folder, stock, url } from './stoa.js';

const {
  ConnectionHandler, Environment, Network, RecordSource, Store,
  commitMutation, createOperationDescriptor, fetchQuery, getRequest, getSingularSelector,
} = relay;

// Compiles the documents of this file, as those of a module Shop; returns what imports the results.
async function compile() {
  await copyFile(new URL(import.meta.url), join(folder, 'Shop.js'));
  await writeFile(join(folder, 'relay.config.json'), JSON.stringify({
    src: '.', schema: 'schema.graphql', language: 'javascript', eagerEsModules: false,
  }));
  await promisify(execFile)(compiler, ['--noWatchman', '--output', 'quiet-with-errors'], { cwd: folder });
  return createRequire(join(folder, '__generated__/'));
}

const compiled = await compile();

// Stands in for babel-plugin-relay, which puts the compiled document in the place of its text.
const graphql = ([text]) => compiled(`./${/\w+ (\w+)/.exec(text)[1]}.graphql.js`);

const CATEGORY = graphql`
  query ShopCategoryQuery($id: ID!) {
    category(id: $id) { ...Shop_category }
  }
`;

const PRODUCTS = graphql`
  fragment Shop_category on Category
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "ShopPageQuery") {
    name
    products(first: $count, after: $cursor) @connection(key: "Shop_products") {
      edges { node { id name } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

const PAGE = compiled('./ShopPageQuery.graphql.js'); // made by @refetchable: node(id:) and the fragment

const RENAME = graphql`
  mutation ShopRenameMutation($id: ID!, $input: UpdateProductInput!) {
    updateProduct(id: $id, input: $input) { id name }
  }
`;

const ADD = graphql`
  mutation ShopAddMutation($input: CreateProductInput!, $connections: [ID!]!) {
    createProduct(input: $input) @appendNode(connections: $connections, edgeTypeName: "ProductEdge") { id name }
  }
`;

const newEnvironment = (headers) => new Environment({
  network: Network.create(async ({ text }, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
      body: JSON.stringify({ query: text, variables }),
    });
    return response.json();
  }),
  store: new Store(new RecordSource()),
});

// Shows a category, as a component does that uses the fragment; returns what reads it.
async function show(environment, id) {
  const operation = createOperationDescriptor(getRequest(CATEGORY), { id });
  environment.retain(operation);
  await fetchQuery(environment, CATEGORY, { id }).toPromise();
  return () => {
    const { category } = environment.lookup(operation.fragment).data;
    return environment.lookup(getSingularSelector(PRODUCTS, category)).data;
  };
}

const nodes = (category) => category.products.edges.map(({ node }) => node);

test('pages forward, by node(id:)', async () => {
  const { category, products } = await stock('Relay forward', 25);
  const environment = newEnvironment();
  const shown = await show(environment, category);
  while (shown().products.pageInfo.hasNextPage) {
    const { endCursor: cursor } = shown().products.pageInfo;
    await fetchQuery(environment, PAGE, { id: category, count: 10, cursor }).toPromise();
  }
  assert.deepEqual(nodes(shown()).map(({ id }) => id), products);
});

const commit = (environment, mutation, variables) => new Promise((resolve, reject) => {
  commitMutation(environment, { mutation, variables, onCompleted: resolve, onError: reject });
});

test('mutations change the connection in the store', async () => {
  const { category, products: [first] } = await stock('Relay mutations', 1);
  const environment = newEnvironment(authorization);
  const shown = await show(environment, category);
  await commit(environment, RENAME, { id: first, input: { name: 'Renamed' } });
  await commit(environment, ADD, {
    input: { name: 'Added', price: '1', categoryId: category },
    connections: [ConnectionHandler.getConnectionID(category, 'Shop_products')],
  });
  assert.deepEqual(nodes(shown()).map(({ name }) => name), ['Renamed', 'Added']);
});

test('the code of an error reaches the client', async () => {
  const { products: [product] } = await stock('Relay error', 1);
  const answer = commit(newEnvironment(authorization), RENAME, { id: product, input: { name: ' ' } });
  await assert.rejects(answer, ({ source }) => {
    assert.equal(source.errors[0].extensions.code, 'BAD_USER_INPUT');
    return true;
  });
});
