import assert from 'node:assert/strict';
import test from 'node:test';
import { createClient } from 'graphql-sse';
import {
  CHANGES, authorization, follow, iterate, refusals, refusedSubscriptions, rename, stock, stories, url,
} from './stoa.js';

const newClient = (headers, options) => createClient({ url, headers, ...options });

// Subscribes, and waits until the subscription has begun.
async function listen(client, request) {
  let events;
  await new Promise((connected) => { events = client.iterate(request, { connected }); });
  return events;
}

for (const { field, document, begin } of stories) {
  test(`${field} tells just what it is asked`, async () => {
    const { variables, happen } = await begin(`graphql-sse ${field}`);
    const events = await listen(newClient(authorization), { query: document, variables });
    await follow(events, happen);
    await events.return();
  });
}

test('unsubscribing ends a subscription', async () => {
  const [{ document, begin }] = stories;
  const { variables, happen } = await begin('graphql-sse unsubscribing');
  let told = 0;
  const client = newClient(authorization, { on: { message: () => { told += 1; } } });
  const one = await listen(client, { query: document, variables });
  const other = await listen(client, { query: document, variables });
  await one.return();
  await follow(other, happen);
  assert.equal(told, 2);
});

// Goes on behind the last event when the stream has been lost.
function resume(request, sink, options) {
  let cursor;
  const client = createClient({
    url,
    headers: () => ({ ...authorization, ...(cursor && { 'last-event-id': cursor }) }),
    ...options,
  });
  const next = (result) => {
    cursor = Object.values(result.data ?? {})[0]?.cursor ?? cursor;
    sink.next(result);
  };
  return client.subscribe(request, { ...sink, next });
}

test('nothing is lost while the stream is', async () => {
  const { category, products: [product] } = await stock('graphql-sse lost', 1);
  let stream;
  let events;
  await new Promise((connected) => {
    const options = {
      on: { connected },
      retry: () => rename(product, 'Meanwhile'),
      fetchFn(input, init) {
        stream = new AbortController();
        return fetch(input, { ...init, signal: stream.signal });
      },
    };
    events = iterate({
      subscribe: (next) => ({
        unsubscribe: resume({ query: CHANGES, variables: { category } }, { next, error: next, complete() {} }, options),
      }),
    });
  });
  await rename(product, 'First');
  await events.next();
  stream.abort();
  const { value } = await events.next();
  assert.equal(value.data.productChanged.product.name, 'Meanwhile');
});

// The errors of an operation that is refused or fails, or what HTTP says.
async function errors(client, query, variables) {
  try {
    const { value } = await client.iterate({ query, variables }).next();
    return value.errors;
  } catch ({ response }) {
    return (await response.json()).errors;
  }
}

for (const { what, document, variables, headers, code } of [...refusals, ...refusedSubscriptions]) {
  test(`${code} for ${what}`, async () => {
    const [error] = await errors(newClient(headers, { retryAttempts: 0 }), document, variables);
    assert.equal(error.extensions.code, code);
  });
}
