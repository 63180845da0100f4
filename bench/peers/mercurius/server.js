// Mercurius on Fastify, with its just-in-time compiler and its loaders.
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import mercurius from 'mercurius'
import { userOf } from '../shop/database.js'
import { byId, pagesOf } from '../shop/rows.js'
import { resolvers } from '../shop/resolvers.js'

// Rows with the same key are one row to byId: the cache of a loader, which would
// write each query as JSON, has nothing to add.
const loader = (load) => ({ loader: load, opts: { cache: false } })

const category = loader((queries) => byId('categories', queries.map(({ obj }) => obj.category_id)))
const author = loader((queries) => byId('users', queries.map(({ obj }) => obj.user_id)))

// The queries of one field have its arguments, which are the same for all.
const pages = (table, key) =>
  loader((queries) => pagesOf(table, key, queries.map(({ obj }) => obj.id), queries[0].params))

const app = Fastify({ logger: false })
app.register(mercurius, {
  schema: readFileSync(process.env.SCHEMA, 'utf8'),
  resolvers: {
    ...resolvers,
    Query: { ...resolvers.Query, product: async (_, { id }) => (await byId('products', [id]))[0] },
  },
  loaders: {
    Product: { category },
    Category: { products: pages('products', 'category_id') },
    User: { posts: pages('posts', 'user_id') },
    Post: { category, author },
  },
  context: (request) => ({ user: userOf(request) }),
  jit: 1,
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
