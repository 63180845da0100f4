// What Apollo and Mercurius answer alike: all but the relations.
import { GraphQLScalarType } from 'graphql'
import { page, cursorOf, createPost } from './rows.js'

const scalar = (name, serialize) => new GraphQLScalarType({ name, serialize })

const connection = {
  nodes: (page) => page.rows,
  edges: (page) => page.rows.map((row) => ({ cursor: cursorOf(page, row), node: row })),
  totalCount: (page) => page.count(),
  pageInfo: (page) => ({
    hasNextPage: page.hasNextPage,
    hasPreviousPage: page.hasPreviousPage,
    startCursor: page.rows.length ? cursorOf(page, page.rows[0]) : null,
    endCursor: page.rows.length ? cursorOf(page, page.rows.at(-1)) : null,
  }),
}

const createdAt = (row) => row.created_at

export const resolvers = {
  Decimal: scalar('Decimal', String),
  DateTime: scalar('DateTime', (date) => date.toISOString()),
  Query: {
    products: (_, args) => page('products', args),
    categories: (_, args) => page('categories', args),
    users: (_, args) => page('users', args),
    posts: (_, args) => page('posts', args),
  },
  Mutation: {
    createPost: (_, { input }, { user }) => {
      if (!user) throw new Error('You have to be logged in.')
      return createPost(user, input)
    },
  },
  ProductConnection: connection,
  CategoryConnection: connection,
  UserConnection: connection,
  PostConnection: connection,
  Product: { createdAt },
  Category: { createdAt },
  User: { createdAt },
  Post: { createdAt },
}
