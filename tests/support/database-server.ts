import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { dataPaths } from '../../lib/ops/data-dir.ts'
import { startEmbeddedPostgres } from '../../lib/ops/embedded-postgres.ts'
import { migrate } from '../../lib/ops/migrate.ts'
import { findPostmaster, stopPostmaster } from '../../lib/ops/postmaster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A migrated database that nobody connects to: test databases are cloned from it. */
    templateDatabaseUrl: string
  }
}

const PREFIX = 'crosswalk-tests-'
/** Test data is thrown away: nothing has to survive a power cut. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' }

/** One real PostgreSQL for the whole run, with one migrated template in it. */
export default async function startDatabaseServer(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers()
  const directory = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  const server = await startEmbeddedPostgres({ paths: dataPaths(directory, directory), settings: FAST })
  await migrate(server.url)
  await closeTemplate(server.url)
  project.provide('templateDatabaseUrl', server.url)
  return async () => {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

/** A template can only be cloned while nobody is connected to it. */
async function closeTemplate(url: string): Promise<void> {
  const admin = new URL(url)
  const template = admin.pathname.slice(1)
  admin.pathname = '/postgres'
  const client = new pg.Client({ connectionString: admin.href })
  await client.connect()
  await client.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS false`)
  await client.end()
}

/** Servers of earlier runs that were killed before they could tidy up. */
async function removeLeftovers(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX))
  for (const name of names) {
    if (isAlive(Number(name.slice(PREFIX.length).split('-')[0]))) continue
    const directory = join(tmpdir(), name)
    const cluster = dataPaths(directory, directory).postgresCluster
    const left = await findPostmaster(cluster).catch(() => null)
    if (left) await stopPostmaster(cluster, left.pid)
    await rm(directory, { recursive: true, force: true }).catch(() => undefined)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
