// The rows of the shop, as statements: pages, and what hangs on many rows at once.
import { query } from './database.js'

const columns = {
  products: 'id, name, description, price, inventory, category_id, created_at',
  categories: 'id, name, description, created_at',
  users: 'id, username, created_at',
  posts: 'id, title, content, likes, user_id, category_id, created_at',
}

const sorts = { PRICE: 'price', CREATED_AT: 'created_at', NAME: 'name', LIKES: 'likes', TITLE: 'title', INVENTORY: 'inventory' }

// Each word must begin a word of the row.
const tsquery = (text) =>
  text.toLowerCase().split(/[^\p{L}\p{M}\p{N}]+/u).filter(Boolean).map((word) => `'${word}':*`).join(' & ')

// The conditions of a filter; their values are added to the list.
function conditions(filter, values) {
  const all = []
  const add = (condition, value) => all.push(condition.replace('?', `$${values.push(value)}`))
  if (filter?.ids) add('id = ANY(?::bigint[])', filter.ids)
  if (filter?.priceMin != null) add('price >= ?', filter.priceMin)
  if (filter?.priceMax != null) add('price <= ?', filter.priceMax)
  if (filter?.search) add('search @@ ?::tsquery', tsquery(filter.search))
  if (filter?.category?.search) {
    add('category_id IN (SELECT id FROM categories WHERE search @@ ?::tsquery)', tsquery(filter.category.search))
  }
  return all
}

const encode = (place) => Buffer.from(JSON.stringify(place)).toString('base64url')
const decode = (cursor) => JSON.parse(Buffer.from(cursor, 'base64url').toString())

// A page of a table. Its count is asked for when it is called.
export async function page(table, { first = 10, after, filter, sortBy }) {
  const values = []
  const where = conditions(filter, values)
  const kept = [...where]
  const keptValues = [...values]
  const column = sorts[sortBy?.field] ?? 'id'
  const down = sortBy?.direction === 'DESC'
  if (after) {
    const [value, id] = decode(after)
    where.push(`(${column}, id) ${down ? '<' : '>'} ($${values.push(value)}, $${values.push(id)})`)
  }
  const order = [...new Set([column, 'id'])].map((key) => (down ? `${key} DESC` : key)).join(', ')
  const rows = await query(
    `SELECT ${columns[table]} FROM ${table}${clause(where)} ORDER BY ${order} LIMIT $${values.push(first + 1)}`, values)
  const hasNextPage = rows.length > first
  if (hasNextPage) rows.pop()
  return {
    rows, column, hasNextPage, hasPreviousPage: after != null,
    count: async () => (await query(`SELECT count(*)::int AS n FROM ${table}${clause(kept)}`, keptValues))[0].n,
  }
}

const clause = (where) => (where.length ? ` WHERE ${where.join(' AND ')}` : '')

export const cursorOf = (page, row) => encode([row[page.column], row.id])

// The rows with the ids, in their order; null for null.
export async function byId(table, ids) {
  const rows = await query(`SELECT ${columns[table]} FROM ${table} WHERE id = ANY($1::bigint[])`, [[...new Set(ids.filter(Boolean))]])
  const found = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => found.get(id) ?? null)
}

// For each parent the first rows that belong to it, as pages.
export async function pagesOf(table, key, parents, { first = 10, sortBy }) {
  const column = sorts[sortBy?.field] ?? 'id'
  const direction = sortBy?.direction === 'DESC' ? 'DESC' : 'ASC'
  const rows = await query(
    `SELECT k.key AS parent, p.* FROM unnest($1::bigint[]) AS k(key) CROSS JOIN LATERAL (
      SELECT ${columns[table]} FROM ${table} WHERE ${key} = k.key ORDER BY ${column} ${direction}, id ${direction} LIMIT $2) p`,
    [parents, first + 1])
  const pages = new Map(parents.map((id) => [id, { rows: [], column, hasNextPage: false, hasPreviousPage: false }]))
  for (const row of rows) {
    const page = pages.get(row.parent)
    if (page.rows.length < first) page.rows.push(row)
    else page.hasNextPage = true
  }
  return parents.map((id) => pages.get(id))
}

// The words of the search are made by the table's trigger.
export async function createPost(author, { title, content, categoryId }) {
  const [row] = await query(
    `INSERT INTO posts (title, content, user_id, category_id) VALUES ($1, $2, $3, $4) RETURNING ${columns.posts}`,
    [title, content, author, categoryId])
  return row
}
