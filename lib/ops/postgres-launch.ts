import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdir, mkdtemp, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode, OperatorProblem } from './operator-problem.ts'
import { freePort, isPortFree } from './ports.ts'
import type { Placement } from './postgres-placement.ts'
import { clearStalePidFile, findPostmaster } from './postmaster.ts'

/** `busy`: another server has this data, or has only just let go of it. */
export type Launched = { outcome: 'ready' } | { outcome: 'port-taken' } | { outcome: 'busy' }

const LOG_LIMIT_BYTES = 5 * 1024 * 1024
const START_PATIENCE_MS = 60_000

// Recovery after a power cut may take a while; everything here is sized for one installation on one machine.
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  wal_level: 'minimal',
  max_wal_senders: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
}

/** Creates the data directory once. A crash half-way leaves nothing that looks finished. */
export async function initialiseCluster(placement: Placement, password: string, durable: boolean): Promise<void> {
  const { cluster, account } = placement
  if (await isInitialised(cluster)) return
  const scratch = await mkdtemp(join(tmpdir(), 'crosswalk-'))
  const draft = `${cluster}.${randomBytes(4).toString('hex')}`
  const passwordFile = join(scratch, 'password')
  try {
    await mkdir(draft, { recursive: true, mode: 0o700 })
    await writeFile(passwordFile, password, { mode: 0o600 })
    if (account) for (const path of [draft, scratch, passwordFile]) await chown(path, account.uid, account.gid)
    const args = [`--pgdata=${draft}`, '--username=crosswalk', `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
    args.push('--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8')
    if (!durable) args.push('--no-sync')
    const { status, text } = await runToEnd(placement.initdb, args, account)
    if (status !== 0) throw startProblem(text, placement)
    await rename(draft, cluster).catch(async (error: unknown) => {
      // Another process of this installation was quicker: its data is the data.
      if (!(await isInitialised(cluster))) throw error
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
    await rm(draft, { recursive: true, force: true })
  }
}

/** Starts the server apart from this process, so that a Ctrl-C in the terminal stops the app before its database. */
export async function launchServer(given: {
  placement: Placement
  /** 0: any free one. */
  port: number
  log: string
  settings?: Record<string, string>
}): Promise<Launched> {
  const { placement, log } = given
  const port = given.port > 0 ? given.port : await freePort()
  if (!(await isPortFree(port))) return { outcome: 'port-taken' }
  await clearStalePidFile(placement.cluster)
  const settings = { ...SETTINGS, ...given.settings, port: String(port) }
  const args = [
    '-D',
    placement.cluster,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]

  const tooLong = ((await stat(log).catch(() => null))?.size ?? 0) > LOG_LIMIT_BYTES
  const file = await open(log, tooLong ? 'w' : 'a', 0o600)
  try {
    const from = (await file.stat()).size
    const server = spawn(placement.postgres, args, {
      ...placement.account,
      cwd: '/',
      detached: true,
      stdio: ['ignore', file.fd, file.fd],
      env: environment(),
    })
    server.unref()
    const ended = once(server, 'exit').catch((error: unknown) => {
      throw startProblem(String(error), placement)
    })
    const outcome = await Promise.race([
      becomesReady(placement.cluster, server.pid),
      ended.then(() => 'ended' as const),
    ])
    if (outcome === 'ready') return { outcome }
    return judge((await readFile(log, 'utf8')).slice(from), placement)
  } finally {
    await file.close()
  }
}

async function becomesReady(cluster: string, pid: number | undefined): Promise<'ready' | 'late'> {
  const deadline = Date.now() + START_PATIENCE_MS
  while (Date.now() < deadline) {
    const found = await findPostmaster(cluster)
    if (found?.ready && found.pid === pid) return 'ready'
    await sleep(15)
  }
  return 'late'
}

function judge(text: string, placement: Placement): Launched {
  if (/could not bind|Address already in use/i.test(text)) return { outcome: 'port-taken' }
  if (/lock file "postmaster.pid"|pre-existing shared memory block/.test(text)) return { outcome: 'busy' }
  throw startProblem(text, placement)
}

function startProblem(text: string, { cluster }: Placement): OperatorProblem {
  if (/No space left on device|Check free disk space/i.test(text)) {
    return new OperatorProblem(`The disk of ${cluster} is full: free some space and start again.`)
  }
  if (/incompatible with server/.test(text)) {
    return new OperatorProblem(
      `The database in ${cluster} was made by another version of PostgreSQL: start the version of Crosswalk that made it, back up, and restore with this one.`,
    )
  }
  if (/Permission denied|wrong ownership|EACCES/.test(text)) {
    return new OperatorProblem(`The database in ${cluster} belongs to another user: start as the user who made it.`)
  }
  const lines = text.trim().split('\n')
  const line = lines.findLast((entry) => /FATAL|PANIC|error/i.test(entry)) ?? lines.at(-1) ?? 'no reason given'
  return new OperatorProblem(
    `The embedded PostgreSQL did not start: ${line.replace(/^.*?(FATAL|PANIC|error): */i, '')}.`,
  )
}

async function isInitialised(cluster: string): Promise<boolean> {
  return stat(join(cluster, 'PG_VERSION')).then(
    () => true,
    (error: unknown) => {
      if (errorCode(error) !== 'EACCES') return false
      throw startProblem('EACCES', { initdb: '', postgres: '', cluster, account: null })
    },
  )
}

async function runToEnd(program: string, args: string[], account: Placement['account']) {
  const child = spawn(program, args, { ...account, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], env: environment() })
  let text = ''
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const status = await new Promise<number | null>((resolve) => {
    child.on('close', resolve)
    child.on('error', (error) => {
      text += error.message
      resolve(null)
    })
  })
  return { status, text }
}

/** Nothing of ours, above all no secret, is inherited by the server. */
function environment(): NodeJS.ProcessEnv {
  return { NODE_ENV: process.env.NODE_ENV ?? 'production', PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
}
