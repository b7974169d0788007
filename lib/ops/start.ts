import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildIfChanged, generateIfChanged } from './build.ts'
import { type DataPaths, dataPaths, ensureDataDirectory } from './data-dir.ts'
import { describeUrl } from './database-problem.ts'
import { diskProblem } from './disk-space.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { type Environment, readEnvironment } from './env.ts'
import { installationSecrets } from './installation-secrets.ts'
import { migrate } from './migrate.ts'
import { errorLine, OperatorProblem } from './operator-problem.ts'
import { portProblem } from './ports.ts'
import { installationRoot as root } from './root.ts'
import { startSandboxChild } from './sandbox-child.ts'
import { scrubText } from './scrub.ts'
import { encryptionKeyProblem } from './secrets.ts'
import { createSteps, type Steps } from './steps.ts'
import { createSupervisor, type Supervisor } from './supervisor.ts'
import { claimDataDirectory } from './supervisor-lock.ts'

const READY_WITHIN_MS = 90_000
const FULL_DISK_MB = 8
/** A worker finishes the record in hand before it goes. */
const WEB_PATIENCE_MS = 25_000

type Start = { environment: Environment; paths: DataPaths; address: string; isDevelopment: boolean; steps: Steps }

/** `npm start` and `npm run dev`: everything from a checked environment to an address that answers, until it is stopped. */
async function start(isDevelopment: boolean): Promise<void> {
  const environment = checkedEnvironment()
  const paths = dataPaths(environment.dataDirectory, root)
  const address = environment.nextauthUrl ?? `http://localhost:${environment.port}`
  const steps = createSteps((line) => console.log(line), Date.now)
  await ensureDataDirectory(paths.directory)
  const lock = await claimDataDirectory(paths, address)
  const supervisor = createSupervisor({
    cwd: root,
    env: { ...process.env, NODE_ENV: isDevelopment ? 'development' : 'production', NEXT_TELEMETRY_DISABLED: '1' },
    onStart: lock.addChild,
  })
  supervisor.onStop(lock.release)
  const stopped = stopOnSignal(supervisor, steps)
  try {
    await Promise.race([serve({ environment, paths, address, isDevelopment, steps }, supervisor), stopped])
    await Promise.race([supervisor.broken, stopped])
  } catch (error) {
    // A full disk shows as whatever failed first; the disk itself tells it best.
    const full = await diskProblem([paths.directory, root], FULL_DISK_MB)
    throw full ? new OperatorProblem(full, { cause: error }) : error
  } finally {
    await supervisor.stop()
  }
}

function checkedEnvironment(): Environment {
  const file = join(root, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
  const read = readEnvironment(process.env)
  if (!read.ok) throw new OperatorProblem(read.problem, { exitStatus: 2 })
  return read.environment
}

async function serve(given: Start, supervisor: Supervisor): Promise<void> {
  const { environment, paths, address, isDevelopment, steps } = given
  const problem = (await portProblem(environment.port)) ?? (await diskProblem([paths.directory, root]))
  if (problem) throw new OperatorProblem(problem)
  steps.say('Crosswalk is starting.')
  const variables = await prepareEnvironment(given, supervisor)

  const buildLog = join(paths.directory, 'build.log')
  await steps.run(
    'Client',
    () => generateIfChanged(root, supervisor.start, buildLog),
    (made) => (made ? 'generated' : 'up to date'),
  )
  if (!isDevelopment) {
    await steps.run(
      'Web app',
      (tell) => buildIfChanged(root, supervisor.start, buildLog, () => tell('building, about a minute ...')),
      (made) => (made ? 'built' : 'up to date'),
    )
  }
  const sandbox = await startSandboxIfWanted(given, supervisor)
  await startWeb(given, { ...variables, ...sandbox }, supervisor)
  const token = await setupToken()
  steps.say('')
  steps.say(`Crosswalk runs at ${address}`)
  if (token) steps.say(`Create the first administrator: ${address}/setup?token=${token}`)
  steps.say('Press Ctrl-C to stop.')
}

/** A migrated database and the keys of this installation, as variables of the web app; this process uses them as well. */
async function prepareEnvironment(given: Start, supervisor: Supervisor): Promise<Record<string, string>> {
  const { environment, paths, address, isDevelopment, steps } = given
  const secrets = await installationSecrets(paths, environment)
  const problem = encryptionKeyProblem({
    NODE_ENV: isDevelopment ? 'development' : 'production',
    CROSSWALK_ENCRYPTION_KEY: secrets.encryptionKey,
  })
  if (problem) throw new OperatorProblem(problem, { exitStatus: 2 })
  const databaseUrl = environment.databaseUrl ?? (await startDatabase(given, supervisor))
  await steps.run(
    'Schema',
    () => migrate(databaseUrl),
    (applied) => (applied.length > 0 ? `${applied.length} migrations applied` : 'up to date'),
  )
  const variables = {
    DATABASE_URL: databaseUrl,
    NEXTAUTH_URL: address,
    NEXTAUTH_SECRET: secrets.nextauthSecret,
    CROSSWALK_ENCRYPTION_KEY: secrets.encryptionKey,
    CROSSWALK_DATA_DIR: paths.directory,
    PORT: String(environment.port),
  }
  Object.assign(process.env, variables)
  return variables
}

async function startDatabase({ paths, steps }: Start, supervisor: Supervisor): Promise<string> {
  const database = await steps.run(
    'Database',
    () => startEmbeddedPostgres({ paths }),
    ({ url }) => `PostgreSQL at ${describeUrl(url).server}`,
  )
  supervisor.onStop(database.stop)
  database.lost.then((reason) => {
    supervisor.fail(new OperatorProblem(`The embedded PostgreSQL went away (${reason}): see ${paths.postgresLog}.`))
  })
  return database.url
}

/** The sandbox pair, unless a connection is given or the installation has a real one saved. */
async function startSandboxIfWanted(given: Start, supervisor: Supervisor): Promise<Record<string, string>> {
  const { environment, paths, steps } = given
  if (environment.connection) return {}
  const { currentConnection } = await import('#lib/store/connections')
  const current = await currentConnection()
  if (current?.origin === 'screen') return {}
  const access = await steps.run('Sandbox', () =>
    startSandboxChild(root, paths, async (options) => {
      const child = await supervisor.start(options)
      supervisor.require(child, join(paths.directory, 'sandbox.log'))
      return child
    }),
  )
  return { CROSSWALK_SANDBOX: JSON.stringify(access) }
}

async function startWeb(given: Start, env: Record<string, string>, supervisor: Supervisor): Promise<void> {
  const { environment, paths, isDevelopment, steps } = given
  const log = join(paths.directory, 'web.log')
  const mode = isDevelopment ? 'dev' : 'start'
  const next = join(root, 'node_modules/next/dist/bin/next')
  await steps.run('Server', async () => {
    const child = await supervisor.start({
      name: 'the web app',
      args: [next, mode, '-H', '127.0.0.1', '-p', String(environment.port)],
      output: isDevelopment ? 'terminal' : { file: log },
      // instrumentation.ts ends the server, once the worker has put down what it holds.
      env: { ...env, NEXT_MANUAL_SIG_HANDLE: 'true' },
      patienceMs: WEB_PATIENCE_MS,
    })
    supervisor.require(child, isDevelopment ? null : log)
    await Promise.race([untilReady(environment.port, log), supervisor.broken])
  })
}

async function untilReady(port: number, log: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  let reason = 'no answer'
  while (Date.now() < deadline) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/api/readyz`, { signal: AbortSignal.timeout(10_000) })
      if (answer.ok) return
      reason = scrubText((await answer.text()).slice(0, 200))
    } catch (error) {
      reason = errorLine(error)
    }
    await sleep(100)
  }
  throw new OperatorProblem(`The web app did not become ready (${reason}): see ${log}.`)
}

async function setupToken(): Promise<string | null> {
  const { issueSetupToken } = await import('#lib/access/setup-token')
  const { closeDatabase } = await import('#lib/store/database')
  const token = await issueSetupToken()
  await closeDatabase()
  return token
}

/** Resolves at the first signal, or when whoever started this process is gone. */
function stopOnSignal(supervisor: Supervisor, steps: Steps): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.removeAllListeners('disconnect')
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        process.removeListener(signal, stop)
        process.on(signal, () => undefined)
      }
      steps.say('Stopping ...')
      supervisor.stop().then(resolve)
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
    if (process.connected) process.once('disconnect', stop)
    process.channel?.unref()
  })
}

try {
  await start(process.argv.includes('--dev'))
  process.exit(0)
} catch (error) {
  console.error(scrubText(errorLine(error)))
  process.exit(error instanceof OperatorProblem ? error.exitStatus : 1)
}
