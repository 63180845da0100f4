// How Apollo and Mercurius speak to PostgreSQL: a pool, and statements that are prepared.
import pg from 'pg'
import { createVerifier } from 'fast-jwt'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.POOL), idleTimeoutMillis: 0 })
const names = new Map()

// Each text is prepared once a connection, under a name of its own.
export async function query(text, values = []) {
  let name = names.get(text)
  if (!name) names.set(text, (name = `s${names.size}`))
  return (await pool.query({ name, text, values })).rows
}

const verify = createVerifier({ key: process.env.JWT_SECRET, algorithms: ['HS256'] })

// The user whom the token of a request names, or undefined.
export function userOf(request) {
  const token = request.headers.authorization?.slice('Bearer '.length)
  return token && verify(token).sub
}
