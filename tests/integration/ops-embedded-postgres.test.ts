import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { type DataPaths, dataPaths } from '../../lib/ops/data-dir.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../lib/ops/embedded-postgres.ts'
import { findPostmaster, stopPostmaster } from '../../lib/ops/postmaster.ts'
import { processIdentity } from '../../lib/ops/process-identity.ts'

const isRoot = process.getuid?.() === 0
const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

async function dataDirectory(name = 'data with a space'): Promise<DataPaths> {
  const parent = await mkdtemp(join(tmpdir(), 'crosswalk-pg-'))
  await chmod(parent, 0o711)
  const paths = dataPaths(name, parent)
  cleanups.push(async () => {
    const cluster = await clusterOf(paths)
    const left = await findPostmaster(cluster)
    if (left) await stopPostmaster(cluster, left.pid)
    await rm(cluster, { recursive: true, force: true })
    await rm(parent, { recursive: true, force: true })
  })
  return paths
}

async function clusterOf(paths: DataPaths): Promise<string> {
  const kept = await readFile(paths.postgres, 'utf8').catch(() => null)
  return kept ? JSON.parse(kept).cluster : paths.postgresCluster
}

function started(paths: DataPaths): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ paths, settings: { fsync: 'off' } })
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function serverPid(paths: DataPaths): Promise<number> {
  return (await findPostmaster(await clusterOf(paths)))?.pid ?? 0
}

/** Another process that uses the same database until it is killed. */
async function otherUser(paths: DataPaths): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('../../lib/ops/embedded-postgres.ts', import.meta.url))
  const code = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(program)})
    const database = await startEmbeddedPostgres({ paths: JSON.parse(process.argv[1]), settings: { fsync: 'off' } })
    process.stdout.write(database.url)
    process.stdin.resume().on('end', () => database.stop().then(() => process.exit(0)))`
  const args = ['--input-type=module-typescript', '-e', code, JSON.stringify(paths)]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  cleanups.push(async () => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

describe('embedded PostgreSQL', () => {
  test('data and address survive a stop', async () => {
    const paths = await dataDirectory()
    const first = await started(paths)
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
    await first.stop()
    const second = await started(paths)
    expect(second.url).toBe(first.url)
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
    await second.stop()
  })

  test('it is PostgreSQL 18 with Unicode text ordered alike everywhere, reachable on loopback alone', async () => {
    const database = await started(await dataDirectory())
    const [row] = await query(
      database.url,
      `SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('server_encoding') AS encoding,
              current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets,
              datlocprovider AS provider, lower('ÄÖ') AS lower
       FROM pg_database WHERE datname = current_database()`,
    )
    expect(row).toEqual({
      major: 18,
      encoding: 'UTF8',
      addresses: '127.0.0.1',
      sockets: '',
      provider: 'b',
      lower: 'äö',
    })
    await database.stop()
  })

  test('a port taken meanwhile is exchanged for another', async () => {
    const paths = await dataDirectory()
    const first = await started(paths)
    await first.stop()
    const squatter: Server = createServer().listen(Number(new URL(first.url).port), '127.0.0.1')
    await once(squatter, 'listening')
    cleanups.push(async () => squatter.close())
    const second = await started(paths)
    expect(new URL(second.url).port).not.toBe(new URL(first.url).port)
    await second.stop()
  })

  test('a server left by a kill -9 of its starter is used, not started twice', async () => {
    const paths = await dataDirectory()
    const killed = await otherUser(paths)
    const pid = await serverPid(paths)
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    const database = await started(paths)
    expect(await serverPid(paths)).toBe(pid)
    // The server takes a moment to notice that the killed one is gone; until then it is not the last to leave.
    const users = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'crosswalk keeper'`
    await expect.poll(() => query(database.url, users), { timeout: 10_000 }).toHaveLength(1)
    await database.stop()
    expect(await processIdentity(pid)).toBeNull()
  })

  test('after a kill -9 of the server itself everything committed is there', async () => {
    const paths = await dataDirectory()
    const first = await started(paths)
    await query(first.url, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n')
    const pid = await serverPid(paths)
    process.kill(pid, 'SIGKILL')
    expect(await first.lost).toMatch(/terminat/i)
    const second = await started(paths)
    expect(await query(second.url, 'SELECT count(*)::int FROM kept')).toEqual([{ count: 1000 }])
    await second.stop()
  })

  test('a pid file whose number belongs to another program by now is no obstacle', async () => {
    const paths = await dataDirectory()
    const first = await started(paths)
    await first.stop()
    await writeFile(
      join(await clusterOf(paths), 'postmaster.pid'),
      `${process.pid}\n${await clusterOf(paths)}\n1\n5432\n\n127.0.0.1\n  1  1\nready   \n`,
    )
    const second = await started(paths)
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await second.stop()
  })

  test('starts at the same moment share one server', async () => {
    const paths = await dataDirectory()
    const all = await Promise.all([started(paths), started(paths), started(paths)])
    expect(new Set(all.map(({ url }) => url)).size).toBe(1)
    await Promise.all(all.map(({ stop }) => stop()))
  })

  test('the last user stops the server, not the first to leave', async () => {
    const paths = await dataDirectory()
    const mine = await started(paths)
    const other = await otherUser(paths)
    await mine.stop()
    const pid = await serverPid(paths)
    expect(await processIdentity(pid)).not.toBeNull()
    other.stdin?.end()
    await once(other, 'exit')
    expect(await processIdentity(pid)).toBeNull()
  })

  test('the password is readable by its owner alone', async () => {
    const paths = await dataDirectory()
    const database = await started(paths)
    expect((await stat(paths.postgres)).mode & 0o777).toBe(0o600)
    await expect(query(database.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(/password/)
    await database.stop()
  })

  test('a password that does not fit the data is one sentence', async () => {
    const paths = await dataDirectory()
    const database = await started(paths)
    const kept = JSON.parse(await readFile(paths.postgres, 'utf8'))
    await writeFile(paths.postgres, JSON.stringify({ ...kept, password: 'another' }))
    await expect(started(paths)).rejects.toThrow(/does not accept the password kept in .*postgres\.json/)
    await database.stop()
  })

  test.runIf(isRoot)('under root it runs as another user, also where that user cannot go', async () => {
    const paths = await dataDirectory()
    await chmod(join(paths.directory, '..'), 0o700)
    const database = await started(paths)
    const cluster = await clusterOf(paths)
    expect(cluster).toMatch(/^\/var\/lib\/crosswalk\//)
    expect((await stat(cluster)).uid).not.toBe(0)
    await database.stop()
    const again = await started(paths)
    expect(await clusterOf(paths)).toBe(cluster)
    await again.stop()
    await rm(join(cluster, '..'), { recursive: true, force: true })
  })
})
