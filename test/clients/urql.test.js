import assert from 'node:assert/strict';
import test from 'node:test';
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { cacheExchange as graphcache } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { getIntrospectionQuery } from 'graphql';
import {
  ask, authorization, begun, iterate, newSocket, refusals, refusedSubscriptions, rename, stock, stories, testResuming,
  testStories, url,
} from './stoa.js';

const schema = await ask(getIntrospectionQuery());

// With graphcache, which knows the schema.
const newClient = (headers) => new Client({
  url,
  fetchOptions: { headers },
  exchanges: [graphcache({ schema, resolvers: { Query: { products: relayPagination() } } }), fetchExchange],
});

const PRODUCTS = `
  query Products($category: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    products(first: $first, after: $after, last: $last, before: $before, filter: { categoryId: $category }) {
      totalCount
      edges { node { id name } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;

const RENAME = 'mutation ($id: ID!) { updateProduct(id: $id, input: { name: "Renamed" }) { id name } }';

// The data of an operation that is without fault.
async function done(operation) {
  const { data, error } = await operation;
  assert.equal(error, undefined);
  return data;
}

test('queries by GET and mutations by POST are answered in the media type that goes first', async () => {
  const { products: [product] } = await stock('urql Accept', 1);
  const exchanged = [];
  const client = new Client({
    url,
    exchanges: [cacheExchange, fetchExchange],
    fetchOptions: { headers: authorization },
    fetch: async (...request) => {
      const { method, headers } = new Request(...request);
      const response = await fetch(...request);
      exchanged.push({ method, accept: headers.get('accept'), type: response.headers.get('content-type') });
      return response;
    },
  });
  await done(client.query('{ __typename }', {}));
  await done(client.mutation(RENAME, { id: product }));
  assert.deepEqual(exchanged.map(({ method }) => method), ['GET', 'POST']);
  for (const { accept, type } of exchanged) {
    assert.match(accept, /^application\/graphql-response\+json, .*application\/json, text\/event-stream, multipart\/mixed$/);
    assert.match(type, /^application\/graphql-response\+json(;|$)/);
  }
});

// Asks for pages until `next` names no other; returns the list in the cache.
async function paged(variables, next) {
  const client = newClient();
  let list;
  for (let more = {}; more; more = next(list.pageInfo)) {
    ({ products: list } = await done(client.query(PRODUCTS, { ...variables, ...more })));
  }
  return list;
}

const ids = (list) => list.edges.map(({ node }) => node.id);

test('pages forward', async () => {
  const { category, products } = await stock('urql forward', 25);
  const list = await paged({ category, first: 10 }, (page) => page.hasNextPage && { after: page.endCursor });
  assert.deepEqual(ids(list), products);
  assert.equal(list.totalCount, products.length);
});

test('pages backward', async () => {
  const { category, products } = await stock('urql backward', 25);
  const list = await paged({ category, last: 10 }, (page) => page.hasPreviousPage && { before: page.startCursor });
  assert.deepEqual(ids(list), products);
});

test('a mutation changes the list in the cache', async () => {
  const { category, products } = await stock('urql mutation', 2);
  const client = newClient(authorization);
  const list = [PRODUCTS, { category, first: 10 }];
  await done(client.query(...list));
  await done(client.mutation(RENAME, { id: products[1] }));
  const names = client.readQuery(...list).data.products.edges.map(({ node }) => node.name);
  assert.deepEqual(names, ['urql mutation 00', 'Renamed']);
});

for (const { what, operation, document, variables, headers, code } of refusals) {
  test(`${code} for ${what}`, async () => {
    const { error } = await newClient(headers)[operation](document, variables);
    assert.equal(error.graphQLErrors[0].extensions.code, code);
  });
}

const newLiveClient = (socket, headers) => new Client({
  url,
  fetchOptions: { headers },
  exchanges: [
    graphcache({ schema }),
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query, variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
      }),
    }),
  ],
});

const observe = (socket, document, variables) => newLiveClient(socket).subscription(document, variables);

testStories('urql', observe);
testResuming('urql', observe);

test('an event changes the list in the cache', async () => {
  const { category, products } = await stock('urql event', 2);
  const socket = newSocket();
  const client = newLiveClient(socket);
  const [{ document }] = stories;
  const events = iterate(client.subscription(document, { category }));
  await begun(socket);
  const list = [PRODUCTS, { category, first: 10 }];
  await done(client.query(...list));
  await rename(products[1], 'Renamed');
  await events.next();
  const names = client.readQuery(...list).data.products.edges.map(({ node }) => node.name);
  assert.deepEqual(names, ['urql event 00', 'Renamed']);
  await events.return();
});

for (const { what, document, code } of refusedSubscriptions) {
  test(`${code} for ${what}`, async () => {
    const { value } = await iterate(observe(newSocket(), document, {})).next();
    assert.equal(value.error.graphQLErrors[0].extensions.code, code);
  });
}
