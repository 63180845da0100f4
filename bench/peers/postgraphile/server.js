// PostGraphile, with the plugins that its users take for filters and short names.
import { createServer } from 'node:http'
import { postgraphile } from 'postgraphile'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { TYPES } from 'postgraphile/@dataplan/pg'
import { makePgService } from 'postgraphile/adaptors/pg'
import { addPgTableCondition, jsonPgSmartTags } from 'postgraphile/utils'
import { grafserv } from 'postgraphile/grafserv/node'
import { PgSimplifyInflectionPreset } from '@graphile/simplify-inflection'
import { PostGraphileConnectionFilterPreset } from 'postgraphile-plugin-connection-filter'
import { createVerifier } from 'fast-jwt'

const verify = createVerifier({ key: process.env.JWT_SECRET, algorithms: ['HS256'] })

const hidden = { tags: { behavior: '-*' } }
const tags = jsonPgSmartTags({
  version: 1,
  config: {
    class: {
      'public.logins': hidden,
      'public.goose_db_version': hidden,
      'public.users': { attribute: { password_hash: hidden, email: hidden, search: hidden } },
      'public.products': { attribute: { search: hidden } },
      'public.categories': { attribute: { search: hidden } },
      'public.posts': { attribute: { search: hidden } },
    },
  },
})

const tsquery = (text) =>
  text.toLowerCase().split(/[^\p{L}\p{M}\p{N}]+/u).filter(Boolean).map((word) => `'${word}':*`).join(' & ')

// A condition on products that takes words: each must begin a word of the row.
const words = (name, condition) =>
  addPgTableCondition({ schemaName: 'public', tableName: 'products' }, name,
    ({ graphql: { GraphQLString } }) => ({ type: GraphQLString }),
    (value, { sql, sqlTableAlias, sqlValueWithCodec }) =>
      value == null ? null : condition(sql, sqlTableAlias, sql`${sqlValueWithCodec(tsquery(value), TYPES.text)}::tsquery`))

const search = words('search', (sql, products, query) => sql`${products}.search @@ ${query}`)
const categorySearch = words('categorySearch', (sql, products, query) =>
  sql`${products}.category_id IN (SELECT id FROM public.categories WHERE search @@ ${query})`)

const preset = {
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset, PostGraphileConnectionFilterPreset],
  plugins: [tags, search, categorySearch],
  pgServices: [makePgService({
    connectionString: process.env.DATABASE_URL,
    schemas: ['public', 'bench'],
    poolConfig: { max: Number(process.env.POOL), idleTimeoutMillis: 0 },
  })],
  grafast: {
    context: ({ node }) => {
      const token = node?.req.headers.authorization?.slice('Bearer '.length)
      return token ? { pgSettings: { 'jwt.claims.sub': verify(token).sub } } : {}
    },
  },
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
}

const server = createServer()
await postgraphile(preset).createServ(grafserv).addTo(server)
server.listen(Number(process.env.PORT), '127.0.0.1')
