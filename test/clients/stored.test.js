import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { generatePersistedQueryIdsFromManifest } from '@apollo/persisted-query-lists';
import { Client, fetchExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import compiler from 'relay-compiler';
import relay from 'relay-runtime';
import { folder, stock, url } from './stoa.js';

const { Environment, Network, RecordSource, Store, fetchQuery } = relay;

// What Stoa has stored.
const stored = (name) => readFile(new URL(`documents/${name}`, import.meta.url), 'utf8');

// A fetch that notes what it sends: the method, and what stands for the document.
function noting() {
  const sent = [];
  const noted = (input, init) => {
    const { searchParams } = new URL(input);
    const body = init.body ? JSON.parse(init.body) : Object.fromEntries(searchParams);
    const names = ['documentId', 'query', 'extensions'].filter((name) => body[name]);
    sent.push([init.method, ...names].join(' '));
    return fetch(input, init);
  };
  return { sent, noted };
}

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

test('fetch: by name and by hash, and 304 when nothing is new', async () => {
  const { category } = await stock('Stored fetch', 2);
  for (const id of ['StoredShop', `sha256:${sha256(await stored('shop.graphql'))}`]) {
    const address = `${url}?documentId=${id}&variables=${encodeURIComponent(JSON.stringify({ category }))}`;
    const first = await fetch(address);
    const { data } = await first.json();
    assert.equal(data.category.products.nodes.length, 2);
    assert.equal(first.headers.get('cache-control'), 'public, max-age=0');
    const second = await fetch(address, { headers: { 'if-none-match': first.headers.get('etag') } });
    assert.equal(second.status, 304);
  }
});

// Compiles the documents of this file, as those of a module Stored.
async function compile() {
  const here = join(folder, 'stored');
  await mkdir(here);
  await copyFile(new URL(import.meta.url), join(here, 'Stored.js'));
  await copyFile(join(folder, 'schema.graphql'), join(here, 'schema.graphql'));
  await writeFile(join(here, 'relay.config.json'), JSON.stringify({
    src: '.', schema: 'schema.graphql', language: 'javascript', eagerEsModules: false,
    persistConfig: { file: 'relay.json', algorithm: 'SHA256' },
  }));
  await writeFile(join(here, 'relay.json'), '{}'); // without which the compiler gives up
  await promisify(execFile)(compiler, ['--noWatchman', '--output', 'quiet-with-errors'], { cwd: here });
  return here;
}

const graphql = ([text]) => text;
graphql`
  query StoredRelayQuery($category: ID!) {
    category(id: $category) { name }
  }
`;

const newEnvironment = () => new Environment({
  network: Network.create(async ({ id }, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ documentId: id, variables }),
    });
    return response.json();
  }),
  store: new Store(new RecordSource()),
});

test('Relay: by the ids of its manifest', async () => {
  const here = await compile();
  assert.equal(await readFile(join(here, 'relay.json'), 'utf8'), await stored('relay.json'), 'the manifest is another');
  const query = createRequire(join(here, '__generated__/'))('./StoredRelayQuery.graphql.js');
  const { category } = await stock('Stored Relay', 1);
  const data = await fetchQuery(newEnvironment(), query, { category }).toPromise();
  assert.equal(data.category.name, 'Stored Relay');
});

const APOLLO = gql`query StoredApollo($category: ID!) { category(id: $category) { id name __typename } }`;

const newStoredClient = (loadManifest, options) => new ApolloClient({
  link: new PersistedQueryLink(generatePersistedQueryIdsFromManifest({ loadManifest }))
    .concat(new HttpLink({ uri: url, ...options })),
  cache: new InMemoryCache(),
});

test('Apollo: by the ids of its manifest', async () => {
  const { category } = await stock('Stored Apollo', 1);
  const { sent, noted } = noting();
  const loadManifest = async () => JSON.parse(await stored('apollo.json'));
  const { data } = await newStoredClient(loadManifest, { fetch: noted }).query({ query: APOLLO, variables: { category } });
  assert.equal(data.category.name, 'Stored Apollo');
  assert.deepEqual(sent, ['POST extensions']);
});

const newLearningClient = (options) => new ApolloClient({
  link: new PersistedQueryLink({ sha256, useGETForHashedQueries: true })
    .concat(new HttpLink({ uri: url, ...options })),
  cache: new InMemoryCache(),
});

test('Apollo: a query is sent once, and then its hash', async () => {
  const { category } = await stock('Learnt Apollo', 1);
  const query = gql(`query Learnt($category: ID!) { category(id: $category) { id name } t${Date.now()}: __typename }`);
  const ask = async () => {
    const { sent, noted } = noting();
    const { data } = await newLearningClient({ fetch: noted }).query({ query, variables: { category } });
    assert.equal(data.category.name, 'Learnt Apollo');
    return sent;
  };
  assert.deepEqual(await ask(), ['GET extensions', 'POST query extensions']);
  assert.deepEqual(await ask(), ['GET extensions']);
});

const newPersistedClient = (options) => new Client({
  url,
  exchanges: [persistedExchange({ preferGetForPersistedQueries: true }), fetchExchange],
  ...options,
});

test('urql: a query is sent once, and then its hash', async () => {
  const { category } = await stock('Learnt urql', 1);
  const query = `query Learnt($category: ID!) { category(id: $category) { id name } u${Date.now()}: __typename }`;
  const ask = async () => {
    const { sent, noted } = noting();
    const { data, error } = await newPersistedClient({ fetch: noted }).query(query, { category });
    assert.equal(error, undefined);
    assert.equal(data.category.name, 'Learnt urql');
    return sent;
  };
  assert.deepEqual(await ask(), ['GET extensions', 'GET query extensions']);
  assert.deepEqual(await ask(), ['GET extensions']);
});
