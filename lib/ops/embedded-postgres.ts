import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { z } from 'zod'
import { type DataPaths, ensureDataDirectory, firstPrivateJson, readJson, writePrivateJson } from './data-dir.ts'
import { errorCode, errorLine, OperatorProblem } from './operator-problem.ts'
import { initialiseCluster, launchServer } from './postgres-launch.ts'
import { type Placement, placePostgres } from './postgres-placement.ts'
import { findPostmaster, stopPostmaster } from './postmaster.ts'

export type EmbeddedPostgresOptions = {
  paths: DataPaths
  /** Server settings over the usual ones; the tests trade durability for speed. */
  settings?: Record<string, string>
}

export type EmbeddedPostgres = {
  url: string
  /** Stops the server, unless another process of this installation still uses it. */
  stop(): Promise<void>
  /** Resolves with a reason when the server goes away by itself. */
  lost: Promise<string>
}

const DATABASE = 'crosswalk'
/** Every user of the server holds one connection of this name; the last one to leave stops the server. */
const KEEPER = 'crosswalk keeper'
const PATIENCE_MS = 60_000

const remembered = z.object({ password: z.string(), port: z.number().int(), cluster: z.string() })
type Remembered = z.infer<typeof remembered>

/**
 * A real PostgreSQL 18 on 127.0.0.1 with its data below the data directory, at the same port as last time where that is
 * free. A server that runs on this data already (another command, or one left by a kill -9) is used as it is.
 * Throws OperatorProblem with the sentence to print.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { paths } = options
  await ensureDataDirectory(paths.directory)
  const before = await readJson(paths.postgres, remembered)
  const placement = await placePostgres(paths.postgresCluster, before?.cluster ?? null)
  const state = before ?? (await firstState(paths, placement))
  await initialiseCluster(placement, state.password, options.settings?.fsync !== 'off')
  const { keeper, pid, port } = await reach(placement, state, options)
  if (port !== state.port) await writePrivateJson(paths.postgres, { ...state, port })

  return { url: urlOf(state.password, port, DATABASE), ...held(keeper, placement.cluster, pid) }
}

/** The password is settled before there is a server, so that starts at the same moment agree on it. */
async function firstState(paths: DataPaths, { cluster }: Placement): Promise<Remembered> {
  const password = randomBytes(24).toString('base64url')
  return firstPrivateJson(paths.postgres, remembered, { password, port: 0, cluster })
}

/** Connects to the server of this data, starting it when none runs, and waits out one that is starting or stopping. */
async function reach(placement: Placement, state: Remembered, options: EmbeddedPostgresOptions) {
  const deadline = Date.now() + PATIENCE_MS
  let port = state.port
  let trouble = 'it did not answer'
  while (Date.now() < deadline) {
    const running = await findPostmaster(placement.cluster)
    if (running === null) {
      const launched = await launchServer({
        placement,
        port,
        log: options.paths.postgresLog,
        settings: options.settings,
      })
      if (launched.outcome === 'port-taken') port = 0
      else if (launched.outcome === 'busy') await sleep(100)
      continue
    }
    try {
      const keeper = await connectKeeper(state.password, running.port)
      return { keeper, pid: running.pid, port: running.port }
    } catch (error) {
      if (errorCode(error) === '28P01') throw wrongPassword(options.paths)
      trouble = errorLine(error)
      await sleep(25)
    }
  }
  throw new OperatorProblem(
    `The embedded PostgreSQL of ${placement.cluster} cannot be used (${trouble}): see ${options.paths.postgresLog}.`,
  )
}

async function connectKeeper(password: string, port: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: urlOf(password, port, 'postgres'),
    application_name: KEEPER,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  })
  await client.connect()
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE])
  if (rowCount === 0) {
    await client.query(`CREATE DATABASE ${DATABASE}`).catch((error: unknown) => {
      // Another process of this installation was quicker.
      if (errorCode(error) !== '42P04' && errorCode(error) !== '23505') throw error
    })
  }
  return client
}

function held(keeper: pg.Client, cluster: string, pid: number): Pick<EmbeddedPostgres, 'stop' | 'lost'> {
  let stopping: Promise<void> | null = null
  const { promise: lost, resolve } = Promise.withResolvers<string>()
  keeper.on('error', (error) => {
    if (!stopping) resolve(errorLine(error))
  })
  const leave = async () => {
    // Of two that leave at once, the one that looks second sees nobody.
    await keeper.query(`SET application_name = 'crosswalk leaving'`).catch(() => null)
    const others = await keeper
      .query('SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()', [KEEPER])
      .catch(() => null)
    if (!others?.rowCount) await stopPostmaster(cluster, pid)
    await keeper.end().catch(() => undefined)
  }
  return {
    lost,
    stop: () => {
      stopping ??= leave()
      return stopping
    },
  }
}

function urlOf(password: string, port: number, database: string): string {
  return `postgresql://crosswalk:${password}@127.0.0.1:${port}/${database}`
}

function wrongPassword(paths: DataPaths): OperatorProblem {
  return new OperatorProblem(
    `The embedded PostgreSQL does not accept the password kept in ${paths.postgres}: put that file back as it was, or move ${paths.directory} away to begin anew.`,
  )
}
