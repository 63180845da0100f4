// Apollo Server, with a dataloader for each relation.
import { readFileSync } from 'node:fs'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import DataLoader from 'dataloader'
import { userOf } from '../shop/database.js'
import { byId, pagesOf } from '../shop/rows.js'
import { resolvers } from '../shop/resolvers.js'

const product = (_, { id }, { loaders }) => loaders.product.load(id)
const category = (row, _, { loaders }) => row.category_id && loaders.category.load(row.category_id)

// Pages below many parents are loaded together where they are asked for alike.
const pages = (table, key) => (parent, args, { loaders }) => {
  const name = table + JSON.stringify(args)
  loaders.pages[name] ??= new DataLoader((ids) => pagesOf(table, key, ids, args))
  return loaders.pages[name].load(parent.id)
}

const relations = {
  Query: { ...resolvers.Query, product },
  Product: { ...resolvers.Product, category },
  Category: { ...resolvers.Category, products: pages('products', 'category_id') },
  User: { ...resolvers.User, posts: pages('posts', 'user_id') },
  Post: { ...resolvers.Post, category, author: (row, _, { loaders }) => loaders.user.load(row.user_id) },
}

const loadersOf = () => ({
  product: new DataLoader((ids) => byId('products', ids)),
  category: new DataLoader((ids) => byId('categories', ids)),
  user: new DataLoader((ids) => byId('users', ids)),
  pages: {},
})

const server = new ApolloServer({
  typeDefs: readFileSync(process.env.SCHEMA, 'utf8'),
  resolvers: { ...resolvers, ...relations },
  introspection: true,
})
await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: Number(process.env.PORT) },
  context: async ({ req }) => ({ user: userOf(req), loaders: loadersOf() }),
})
