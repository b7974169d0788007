import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { RunDocument } from '#lib/engine/run-document'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { type Sandbox, type SandboxOptions, startSandbox } from '#lib/sandbox/sandbox'
import { closeDatabase, connectDatabase } from '#lib/store/database'
import { type CliEnvironment, connectionVariables } from './connection-variables.ts'
import { createTestDatabase } from './database.ts'

// Each command is a process that starts anew, and the machine may be busy with other test files.
vi.setConfig({ testTimeout: 120_000 })

/** The command line as a person meets it: a process of its own, told by its words and its environment alone. */

const ROOT = join(import.meta.dirname, '..', '..')
const NODE = join(ROOT, 'node_modules', '.bin', 'node')
/** Hundreds of starts of the same program: each but the first finds its modules compiled. */
const COMPILE_CACHE = join(ROOT, 'node_modules', '.cache', 'cli-tests')

export interface CliResult {
  /** `null`: a signal ended it. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCli {
  readonly child: ChildProcess
  readonly result: Promise<CliResult>
  /** Resolves when standard error or output holds the text; rejects when the process ends without it. */
  untilSaid(text: string): Promise<void>
}

export function startCli(words: readonly string[], environment: CliEnvironment): RunningCli {
  const { PATH, HOME, TZ, NODE_ENV } = process.env
  const child = spawn(NODE, [join(ROOT, 'lib', 'cli', 'main.ts'), ...words], {
    cwd: tmpdir(),
    env: { PATH, HOME, TZ, NODE_ENV, NODE_COMPILE_CACHE: COMPILE_CACHE, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    said.stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    said.stderr += chunk.toString()
  })
  const result = new Promise<CliResult>((resolve) => {
    child.on('close', (status) => resolve({ status, ...said }))
  })
  return {
    child,
    result,
    untilSaid: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (said.stderr.includes(text) || said.stdout.includes(text)) resolve()
        }
        child.stderr.on('data', look)
        child.stdout.on('data', look)
        child.on('close', () => reject(new Error(`It ended without saying “${text}”: ${said.stdout}${said.stderr}`)))
        look()
      }),
  }
}

export function runCli(words: readonly string[], environment: CliEnvironment): Promise<CliResult> {
  return startCli(words, environment).result
}

/** The one JSON document on standard output. */
export function documentOf<T = RunDocument>(result: CliResult): T {
  const document: T = JSON.parse(result.stdout)
  return document
}

/** An installation known by its environment: a database of its own and a small sandbox pair. */
export interface CliWorld {
  readonly sandbox: Sandbox
  readonly control: SandboxControl
  readonly environment: CliEnvironment
  readonly databaseUrl: string
  run(...words: string[]): Promise<CliResult>
  start(...words: string[]): RunningCli
  close(): Promise<void>
}

export const SMALL_FIRM = { projects: 60, clients: 20, contacts: 30, employees: 12 }
export const SMALL_BATCH = 20

export async function openCliWorld(options: SandboxOptions = {}, more: CliEnvironment = {}): Promise<CliWorld> {
  const database = await createTestDatabase()
  const dataDirectory = await mkdtemp(join(tmpdir(), 'crosswalk-cli-'))
  const sandbox = await startSandbox({ ...SMALL_FIRM, ...options })
  // What a test does in its own process, beside the command line's, works on the same database.
  process.env.DATABASE_URL = database.url
  await connectDatabase(database.url)
  const environment = {
    DATABASE_URL: database.url,
    CROSSWALK_DATA_DIR: dataDirectory,
    CROSSWALK_BATCH_SIZE: String(SMALL_BATCH),
    CROSSWALK_ERP_RATE: '1000',
    CROSSWALK_GRACE_SECONDS: '0',
    ...connectionVariables(sandbox),
    ...more,
  }
  return {
    sandbox,
    control: sandboxControl(sandbox.controlUrl),
    environment,
    databaseUrl: database.url,
    run: (...words) => runCli(words, environment),
    start: (...words) => startCli(words, environment),
    async close() {
      await sandbox.close()
      await closeDatabase()
      await database.drop()
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}
