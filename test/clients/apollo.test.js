import assert from 'node:assert/strict';
import test from 'node:test';
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import WebSocket from 'ws';
import {
  authorization, begun, iterate, newSocket, refusals, refusedSubscriptions, rename, stock, stories, testResuming,
  testStories, url,
} from './stoa.js';

// GraphQLWsLink knows no other; Node.js has it from 22 on.
globalThis.WebSocket ??= WebSocket;

const newClient = (headers) => new ApolloClient({
  link: new HttpLink({ uri: url, headers }),
  cache: new InMemoryCache({
    possibleTypes: { Node: ['Category', 'Post', 'Product', 'User'] },
    typePolicies: { Query: { fields: { products: relayStylePagination(['filter', 'sortBy']) } } },
  }),
});

const PRODUCTS = gql`
  query Products($category: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    products(first: $first, after: $after, last: $last, before: $before, filter: { categoryId: $category }) {
      totalCount
      edges { node { id name } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;

// Asks for pages until `next` names no other; returns the list in the cache.
async function paged(variables, next) {
  const client = newClient();
  const list = client.watchQuery({ query: PRODUCTS, variables });
  let { data } = await client.query({ query: PRODUCTS, variables });
  for (let more = next(data.products.pageInfo); more; more = next(data.products.pageInfo)) {
    ({ data } = await list.fetchMore({ variables: more }));
  }
  return client.readQuery({ query: PRODUCTS, variables }).products;
}

const ids = (list) => list.edges.map(({ node }) => node.id);

test('pages forward', async () => {
  const { category, products } = await stock('Apollo forward', 25);
  const list = await paged({ category, first: 10 }, (page) => page.hasNextPage && { after: page.endCursor });
  assert.deepEqual(ids(list), products);
  assert.equal(list.totalCount, products.length);
  assert.equal(list.pageInfo.hasNextPage, false);
});

test('pages backward', async () => {
  const { category, products } = await stock('Apollo backward', 25);
  const list = await paged({ category, last: 10 }, (page) => page.hasPreviousPage && { before: page.startCursor });
  assert.deepEqual(ids(list), products);
  assert.equal(list.pageInfo.hasPreviousPage, false);
});

test('a mutation changes the list in the cache', async () => {
  const { category, products } = await stock('Apollo mutation', 2);
  const client = newClient(authorization);
  const list = { query: PRODUCTS, variables: { category, first: 10 } };
  await client.query(list);
  await client.mutate({
    mutation: gql`mutation ($id: ID!) { updateProduct(id: $id, input: { name: "Renamed" }) { id name } }`,
    variables: { id: products[1] },
  });
  const names = client.readQuery(list).products.edges.map(({ node }) => node.name);
  assert.deepEqual(names, ['Apollo mutation 00', 'Renamed']);
});

const NODES = gql`
  query Nodes($ids: [ID!]!, $detailed: Boolean!) {
    nodes(ids: $ids) { ...Named }
  }
  fragment Named on Node {
    id
    ... on Product { name @skip(if: $detailed) price @include(if: $detailed) }
    ... on Category { name description @include(if: $detailed) }
  }
`;

test('fragments on an interface, @skip and @include', async () => {
  const { category, products: [product] } = await stock('Apollo fragments', 1);
  const client = newClient();
  const nodes = async (detailed) => {
    const { data } = await client.query({ query: NODES, variables: { ids: [product, category], detailed } });
    return data.nodes;
  };
  assert.deepEqual(await nodes(false), [
    { __typename: 'Product', id: product, name: 'Apollo fragments 00' },
    { __typename: 'Category', id: category, name: 'Apollo fragments' },
  ]);
  assert.deepEqual(await nodes(true), [
    { __typename: 'Product', id: product, price: '1.50' },
    { __typename: 'Category', id: category, name: 'Apollo fragments', description: '' },
  ]);
});

for (const { what, operation, document, variables, headers, code } of refusals) {
  test(`${code} for ${what}`, async () => {
    const client = newClient(headers);
    const answer = operation === 'mutation'
      ? client.mutate({ mutation: gql(document), variables })
      : client.query({ query: gql(document), variables });
    await assert.rejects(answer, (error) => {
      assert.ok(CombinedGraphQLErrors.is(error), error);
      assert.equal(error.errors[0].extensions.code, code);
      return true;
    });
  });
}

const newLiveClient = (socket, headers) => new ApolloClient({
  link: ApolloLink.split(
    ({ operationType }) => operationType === 'subscription',
    new GraphQLWsLink(socket),
    new HttpLink({ uri: url, headers }),
  ),
  cache: new InMemoryCache(),
});

const observe = (socket, document, variables) => newLiveClient(socket).subscribe({ query: gql(document), variables });

testStories('Apollo', observe);
testResuming('Apollo', observe);

test('an event changes the list in the cache', async () => {
  const { category, products } = await stock('Apollo event', 2);
  const socket = newSocket();
  const client = newLiveClient(socket);
  const [{ document }] = stories;
  const events = iterate(client.subscribe({ query: gql(document), variables: { category } }));
  await begun(socket);
  const list = { query: PRODUCTS, variables: { category, first: 10 } };
  await client.query(list);
  await rename(products[1], 'Renamed');
  await events.next();
  const names = client.readQuery(list).products.edges.map(({ node }) => node.name);
  assert.deepEqual(names, ['Apollo event 00', 'Renamed']);
  await events.return();
});

for (const { what, document, code } of refusedSubscriptions) {
  test(`${code} for ${what}`, async () => {
    const { value } = await iterate(observe(newSocket(), document)).next();
    assert.ok(CombinedGraphQLErrors.is(value.error), value.error);
    assert.equal(value.error.errors[0].extensions.code, code);
  });
}
