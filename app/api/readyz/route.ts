import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { appliedMigrations } from '#lib/store/readiness'

type Readiness = { status: 'ok' } | { status: 'not-ready'; reason: string }

/** May traffic come here: database, migrations and keys. Never the remote systems (guide/security.md, Health). */
export async function GET(): Promise<Response> {
  const readiness = await check()
  const status = readiness.status === 'ok' ? 200 : 503
  return Response.json(readiness, { status, headers: { 'cache-control': 'no-store' } })
}

async function check(): Promise<Readiness> {
  const missing = ['NEXTAUTH_SECRET', 'CROSSWALK_ENCRYPTION_KEY'].find((name) => !process.env[name])
  if (missing) return { status: 'not-ready', reason: `${missing} is not set.` }
  try {
    const [applied, wanted] = await Promise.all([appliedMigrations(), migrationNames()])
    const pending = wanted.filter((name) => !applied.includes(name)).length
    return pending === 0
      ? { status: 'ok' }
      : { status: 'not-ready', reason: `${pending} database migrations are not applied yet.` }
  } catch {
    return { status: 'not-ready', reason: 'The database cannot be reached.' }
  }
}

async function migrationNames(): Promise<string[]> {
  const folder = join(/* turbopackIgnore: true */ process.cwd(), 'prisma', 'migrations')
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}
