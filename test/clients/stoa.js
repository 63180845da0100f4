import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

// What TestClients tells: where Stoa answers, the header of an admin, and an empty folder but for
// schema.graphql, which is what `stoa schema` prints.
export const url = process.env.STOA_URL;
export const socketUrl = url.replace('http', 'ws');
export const authorization = { authorization: `Bearer ${process.env.STOA_TOKEN}` };
export const folder = process.env.STOA_FOLDER;

// Runs a document as the admin and returns its data.
export async function ask(query, variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) {
    throw new Error(JSON.stringify(errors));
  }
  return data;
}

// Makes a category of that name with so many products, at most 100; returns the id of the one and
// those of the others. They are made in the order of their skus, hence the zeros.
export async function stock(name, count) {
  const { createCategory } = await ask(
    'mutation ($name: String!) { createCategory(input: { name: $name }) { id } }',
    { name },
  );
  const category = createCategory.id;
  const input = Array.from({ length: count }, (_, i) => `${name} ${String(i).padStart(2, '0')}`)
    .map((product) => ({ sku: product.replaceAll(' ', '-'), name: product, price: '1.50', categoryId: category }));
  const { upsertProducts } = await ask(
    'mutation ($input: [UpsertProductInput!]!) { upsertProducts(input: $input) { id } }',
    { input },
  );
  return { category, products: upsertProducts.map((product) => product.id) };
}

const renaming = {
  operation: 'mutation',
  document: 'mutation Rename($id: ID!, $name: String) { updateProduct(id: $id, input: { name: $name }) { id } }',
  variables: { id: 'x', name: ' ' },
};

// Operations that are refused, each at another place, and the code that the client has to see.
export const refusals = [
  { what: 'a field that is not there', operation: 'query', document: 'query Wrong { productz { id } }', code: 'GRAPHQL_VALIDATION_FAILED' },
  {
    what: 'too much',
    operation: 'query',
    document: 'query Large { categories(first: 100) { nodes { products(first: 100) { nodes { id } } } } }',
    code: 'QUERY_TOO_COMPLEX',
  },
  { what: 'a bad token', ...renaming, headers: { authorization: 'Bearer bad' }, code: 'UNAUTHENTICATED' },
  { what: 'no token', ...renaming, code: 'UNAUTHENTICATED' },
  { what: 'a blank name', ...renaming, headers: authorization, code: 'BAD_USER_INPUT' },
];

// Renames a product.
export const rename = (id, name) => ask(
  'mutation ($id: ID!, $name: String!) { updateProduct(id: $id, input: { name: $name }) { id } }',
  { id, name },
);

async function post(title, categoryId) {
  const { createPost } = await ask(
    'mutation ($input: CreatePostInput!) { createPost(input: $input) { id } }',
    { input: { title, content: title, categoryId } },
  );
  return createPost.id;
}

const retitle = (id, title) => ask(
  'mutation ($id: ID!, $title: String!) { updatePost(id: $id, input: { title: $title }) { id } }',
  { id, title },
);

export const newSocket = (headers, options) => createClient({
  url: socketUrl,
  webSocketImpl: WebSocket,
  connectionParams: headers,
  shouldRetry: () => true,
  ...options,
});

// Lets the subscriptions of a socket go on behind their last event when it has been lost.
export const resuming = (socket) => ({
  ...socket,
  subscribe(request, sink) {
    const variables = { ...request.variables };
    const next = (result) => {
      variables.after = Object.values(result.data ?? {})[0]?.cursor ?? variables.after;
      sink.next(result);
    };
    return socket.subscribe({ ...request, variables }, { ...sink, next });
  },
});

// Waits until the subscriptions of a socket have begun: its messages keep their order.
export async function begun(socket) {
  await setImmediate(); // urql subscribes a little later
  await socket.iterate({ query: '{ __typename }' }).next();
}

// A subscription that can go on.
export const CHANGES = `
  subscription Changes($category: ID!, $after: String) {
    productChanged(categoryId: $category, after: $after) {
      cursor
      product { name }
    }
  }
`;

// Each field of Subscription. `begin` makes what a subscription is about and returns its variables,
// and `happen`, which changes something else, then that, and returns the data of the only event.
export const stories = [
  {
    field: 'productChanged',
    document: `subscription Products($category: ID!) {
      productChanged(categoryId: $category) { __typename kind id product { __typename id name } }
    }`,
    async begin(name) {
      const { category, products: [id] } = await stock(name, 1);
      const { products: [other] } = await stock(`${name} not`, 1);
      return {
        variables: { category },
        async happen(name) {
          await rename(other, name);
          await rename(id, name);
          const product = { __typename: 'Product', id, name };
          return { productChanged: { __typename: 'ProductChange', kind: 'UPDATED', id, product } };
        },
      };
    },
  },
  {
    field: 'postAdded',
    document: 'subscription Added($category: ID!) { postAdded(categoryId: $category) { __typename id title } }',
    async begin(name) {
      const { category } = await stock(name, 1);
      return {
        variables: { category },
        async happen(title) {
          await post(title);
          const id = await post(title, category);
          return { postAdded: { __typename: 'Post', id, title } };
        },
      };
    },
  },
  {
    field: 'postChanged',
    document: `subscription Post($id: ID!) {
      postChanged(id: $id) { __typename kind id post { __typename id title } }
    }`,
    async begin(name) {
      const id = await post(name);
      const other = await post(name);
      return {
        variables: { id },
        async happen(title) {
          await retitle(other, title);
          await retitle(id, title);
          const changed = { __typename: 'Post', id, title };
          return { postChanged: { __typename: 'PostChange', kind: 'UPDATED', id, post: changed } };
        },
      };
    },
  },
];

// Tries whether just the right events come.
export async function follow(events, happen) {
  for (const name of ['Once', 'Twice']) {
    const data = await happen(name);
    const { value } = await events.next();
    assert.deepEqual(value.data, data);
  }
}

// What an observable tells, as an iterator; its return unsubscribes.
export function iterate(observable) {
  let subscription;
  return new ReadableStream({
    start(to) { subscription = observable.subscribe((result) => to.enqueue(result)); },
    cancel() { subscription.unsubscribe(); },
  }).values();
}

// Tries the stories by a client's library: `observe` takes a socket of graphql-ws, a document and its
// variables, and returns an observable. The last to unsubscribe closes the socket.
export function testStories(library, observe) {
  for (const { field, document, begin } of stories) {
    test(`${field} tells just what it is asked, until it is unsubscribed`, async () => {
      const { variables, happen } = await begin(`${library} ${field}`);
      const socket = newSocket(authorization);
      const closed = new Promise((resolve) => socket.on('closed', resolve));
      const events = iterate(observe(socket, document, variables));
      await begun(socket);
      await follow(events, happen);
      await events.return();
      assert.equal((await closed).code, 1000);
    });
  }
}

// Tries whether an event comes that happened while the socket was lost.
export function testResuming(library, observe) {
  test('nothing is lost while the socket is', async () => {
    const { category, products: [product] } = await stock(`${library} lost`, 1);
    const socket = newSocket(authorization, { retryWait: () => rename(product, 'Meanwhile') });
    const events = iterate(observe(resuming(socket), CHANGES, { category }));
    await begun(socket);
    await rename(product, 'First');
    await events.next();
    socket.terminate();
    const { value } = await events.next();
    assert.equal(value.data.productChanged.product.name, 'Meanwhile');
  });
}

// Subscriptions that are refused, and the code that the client has to see.
export const refusedSubscriptions = [
  { what: 'an event that is not there', document: 'subscription { productSold { id } }', code: 'GRAPHQL_VALIDATION_FAILED' },
  {
    what: 'events that are too much',
    document: `subscription {
      productChanged { product { category { products(first: 100) { nodes { category { products(first: 100) { nodes { id } } } } } } } }
    }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  { what: 'a cursor that is none', document: 'subscription { productChanged(after: "x") { id } }', code: 'BAD_USER_INPUT' },
];
