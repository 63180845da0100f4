import assert from 'node:assert/strict';
import test from 'node:test';
import WebSocket from 'ws';
import {
  CHANGES, ask, authorization, begun, follow, iterate, newSocket, refusals, refusedSubscriptions, rename, resuming, socketUrl,
  stock, stories,
} from './stoa.js';

for (const { field, document, begin } of stories) {
  test(`${field} tells just what it is asked`, async () => {
    const { variables, happen } = await begin(`graphql-ws ${field}`);
    const client = newSocket(authorization);
    const events = client.iterate({ query: document, variables });
    await begun(client);
    await follow(events, happen);
    await events.return();
  });
}

test('unsubscribing ends a subscription, and the last one the socket', async () => {
  const [{ document, begin }] = stories;
  const { variables, happen } = await begin('graphql-ws unsubscribing');
  const client = newSocket();
  const closed = new Promise((resolve) => client.on('closed', resolve));
  let told = 0;
  client.on('message', ({ type, payload }) => { told += type === 'next' && 'productChanged' in payload.data; });
  const one = client.iterate({ query: document, variables });
  const other = client.iterate({ query: document, variables });
  await begun(client);
  await one.return();
  await begun(client);
  await follow(other, happen);
  assert.equal(told, 2);
  await other.return();
  assert.equal((await closed).code, 1000);
});

// The names of a product that is stocked, as they change: the first is there already.
async function followed(name, newClient) {
  const { category, products: [product] } = await stock(name, 1);
  const client = newClient(product);
  const request = { query: CHANGES, variables: { category } };
  const events = iterate({
    subscribe: (next) => ({ unsubscribe: resuming(client).subscribe(request, { next, error: next, complete() {} }) }),
  });
  await begun(client);
  await rename(product, 'First');
  await events.next();
  return { client, product, events };
}

test('nothing is lost while the socket is', async () => {
  const { client, events } = await followed('graphql-ws lost', (product) => newSocket(authorization, {
    retryWait: () => rename(product, 'Meanwhile'),
  }));
  client.terminate();
  const { value } = await events.next();
  assert.equal(value.data.productChanged.product.name, 'Meanwhile');
});

test('4403 ends a log-in, and the next one loses nothing', async () => {
  const { signUp: { token } } = await ask('mutation ($input: SignUpInput!) { signUp(input: $input) { token } }', {
    input: { username: 'graphql-ws', email: 'graphql-ws@example.com', password: 'correct horse' },
  });
  const logIns = [{ authorization: `Bearer ${token}` }, authorization];
  const { client, product, events } = await followed('graphql-ws log-in', () => newSocket(() => logIns.shift(), {
    retryWait: async () => {},
  }));
  const closed = new Promise((resolve) => client.on('closed', resolve));
  const { value: out } = await client.iterate({ query: 'mutation { logOut }' }).next();
  assert.deepEqual(out.data, { logOut: true });
  await rename(product, 'Logged out');
  assert.equal((await closed).code, 4403);
  const { value } = await events.next();
  assert.equal(value.data.productChanged.product.name, 'Logged out');
});

test('who finds nobody asks again', async () => {
  const urls = ['ws://127.0.0.1:1', socketUrl];
  const client = newSocket(authorization, { url: () => urls.shift(), retryWait: async () => {} });
  const { value } = await client.iterate({ query: '{ __typename }' }).next();
  assert.deepEqual(value.data, { __typename: 'Query' });
});

// The errors of an operation, whether it was refused or has failed, or the close of the socket.
async function errors(client, query, variables) {
  try {
    const { value } = await client.iterate({ query, variables }).next();
    return value.errors;
  } catch (error) {
    return error;
  }
}

test('4403 for a bad token', async () => {
  const client = newSocket({ authorization: 'Bearer bad' }, { retryAttempts: 0 });
  assert.equal((await errors(client, '{ __typename }')).code, 4403);
});

test('4401 for who does not begin with connection_init, at once', async () => {
  class Hasty extends WebSocket {
    send() { super.send('{"id":"1","type":"subscribe","payload":{"query":"{ __typename }"}}'); }
  }
  const client = newSocket(authorization, { webSocketImpl: Hasty });
  assert.equal((await errors(client, '{ __typename }')).code, 4401);
});

for (const { what, document, variables, headers, code } of [...refusals, ...refusedSubscriptions]) {
  if (what === 'a bad token') continue;
  test(`${code} for ${what}`, async () => {
    const [error] = await errors(newSocket(headers), document, variables);
    assert.equal(error.extensions.code, code);
  });
}
