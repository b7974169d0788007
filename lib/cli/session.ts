import { prepareConnection } from '#lib/console'
import { type DataPaths, dataPaths } from '#lib/ops/data-dir'
import { startEmbeddedPostgres } from '#lib/ops/embedded-postgres'
import { type Environment, readEnvironment } from '#lib/ops/env'
import { installationSecrets } from '#lib/ops/installation-secrets'
import { migrate } from '#lib/ops/migrate'
import { OperatorProblem } from '#lib/ops/operator-problem'
import { installationRoot } from '#lib/ops/root'
import type { ConnectionView } from '#lib/store/connections'
import { closeDatabase } from '#lib/store/database'
import { closeQueue } from '#lib/store/queue'
import { usageProblem } from './arguments.ts'
import { handleStopSignals, type StopSignal, signalStatus } from './signals.ts'

/** A command that has queued something leaves its queue before its database. */
const QUEUE_SECONDS = 5

/** What the environment says of this installation. */
export interface Setting {
  readonly environment: Environment
  readonly paths: DataPaths
}

/** A command at work: an open database of this version. */
export interface Session extends Setting {
  readonly databaseUrl: string
  /** Migrations that were applied on opening. */
  readonly migrated: readonly string[]
  /** Leaves the database, and stops the embedded one unless another process of this installation uses it. */
  close(): Promise<void>
}

/** The environment of this process; what is wrong in it ends the command with a sentence and status 2. */
export function readSetting(): Setting {
  const read = readEnvironment(process.env)
  if (!read.ok) throw usageProblem(read.problem)
  return { environment: read.environment, paths: dataPaths(read.environment.dataDirectory, installationRoot) }
}

/**
 * Opens the database of the environment, or the embedded one (started here, or joined where `npm start` or another
 * command runs it), brings it to this version and gives this process the keys of the installation. Throws
 * OperatorProblem with the sentence to print.
 */
async function openSession(setting: Setting): Promise<Session> {
  const { environment, paths } = setting
  const embedded = environment.databaseUrl === null ? await startEmbeddedPostgres({ paths }) : null
  const databaseUrl = embedded?.url ?? environment.databaseUrl ?? ''
  try {
    const migrated = await migrate(databaseUrl)
    const { encryptionKey } = await installationSecrets(paths, environment)
    // The database, the queue and the sealed credentials read these where they are used.
    process.env.DATABASE_URL = databaseUrl
    process.env.CROSSWALK_ENCRYPTION_KEY = encryptionKey
    return {
      ...setting,
      databaseUrl,
      migrated,
      async close() {
        await closeQueue(QUEUE_SECONDS)
        await closeDatabase()
        await embedded?.stop()
      },
    }
  } catch (error) {
    await embedded?.stop()
    throw error
  }
}

/**
 * Runs a command with an open database. Until the command says otherwise, a signal closes everything and ends it.
 *
 * @param onUnopened answers instead of `work` where the database cannot be opened; without it that ends the command.
 */
export async function withSession(
  work: (session: Session) => Promise<number>,
  onUnopened?: (problem: OperatorProblem) => Promise<number>,
): Promise<number> {
  let session: Session | null = null
  let stoppedBy: StopSignal | null = null
  const restore = handleStopSignals((signal) => {
    if (session) session.close().finally(() => process.exit(signalStatus(signal)))
    // What is being started is finished first and then closed; a second signal does not wait for that.
    else if (stoppedBy) process.exit(signalStatus(signal))
    stoppedBy = signal
  })
  try {
    session = await openSession(readSetting())
    return stoppedBy === null ? await work(session) : signalStatus(stoppedBy)
  } catch (error) {
    const isUnopened = session === null && error instanceof OperatorProblem && error.exitStatus === 1
    if (isUnopened && onUnopened) return await onUnopened(error)
    throw error
  } finally {
    restore()
    await session?.close()
  }
}

/** The same for commands about the current pair of systems: that of the environment, or the saved one. */
export function withConnection(
  work: (connection: ConnectionView, session: Session) => Promise<number>,
): Promise<number> {
  return withSession(async (session) => work(await requireConnection(), session))
}

/** The current connection; without one, a sentence that says how to give it, and status 2. */
export async function requireConnection(): Promise<ConnectionView> {
  const connection = await prepareConnection()
  if (connection) return connection
  throw usageProblem(
    'There is no connection yet: set AJERA_API_URL and the other variables that .env.example lists for it, or enter it on the settings screen that npm start serves.',
  )
}
