import { randomBytes } from 'node:crypto'
import { chmod, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { ZodType } from 'zod'
import { errorCode, errorLine, OperatorProblem } from './operator-problem.ts'

/** Where one installation keeps what is not in the database. */
export type DataPaths = {
  directory: string
  /** Generated keys; readable by the owner alone. */
  secrets: string
  /** Port, password and place of the embedded PostgreSQL. */
  postgres: string
  postgresCluster: string
  postgresLog: string
  /** State of the sandbox pair, one file. */
  sandboxState: string
  /** Ports and sign-in of the sandbox pair, kept between starts. */
  sandbox: string
  /** Which process serves this folder now. */
  supervisor: string
}

/** Paths below `CROSSWALK_DATA_DIR`; a relative setting counts from the installation's folder. */
export function dataPaths(setting: string, installation: string): DataPaths {
  const directory = resolve(installation, setting)
  return {
    directory,
    secrets: join(directory, 'secrets.json'),
    postgres: join(directory, 'postgres.json'),
    postgresCluster: join(directory, 'postgres'),
    postgresLog: join(directory, 'postgres.log'),
    sandboxState: join(directory, 'sandbox.sqlite'),
    sandbox: join(directory, 'sandbox.json'),
    supervisor: join(directory, 'supervisor.json'),
  }
}

/**
 * Creates the folder. Others may pass through it, since PostgreSQL runs as another user under root, but not list it;
 * what is secret in it is readable by its owner alone.
 */
export async function ensureDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o711 })
    if (process.getuid?.() === 0) await chmod(directory, (await stat(directory)).mode | 0o011)
  } catch (error) {
    throw dataProblem('create', directory, error)
  }
}

/** The parsed file, or null where it does not exist. A file that is there and unreadable is the operator's to mend. */
export async function readJson<T>(path: string, schema: ZodType<T>): Promise<T | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw dataProblem('read', path, error)
  }
  const parsed = schema.safeParse(jsonOrNull(text))
  if (parsed.success) return parsed.data
  throw new OperatorProblem(`${path} is damaged: put it back from a backup, or remove it to begin anew.`)
}

/** Writes the whole file or nothing, readable by the owner alone. */
export async function writePrivateJson(path: string, value: unknown): Promise<void> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flush: true })
    await rename(draft, path)
    await chmod(path, 0o600)
  } catch (error) {
    await rm(draft, { force: true })
    throw dataProblem('write', path, error)
  }
}

/** The same for a file that is written once: of several processes at once, one writes and all get what it wrote. */
export async function firstPrivateJson<T>(path: string, schema: ZodType<T>, value: T): Promise<T> {
  const draft = `${path}.${randomBytes(4).toString('hex')}`
  await writePrivateJson(draft, value)
  try {
    await link(draft, path)
    return value
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw dataProblem('write', path, error)
    return (await readJson(path, schema)) ?? value
  } finally {
    await rm(draft, { force: true })
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function dataProblem(verb: string, path: string, error: unknown): OperatorProblem {
  const code = errorCode(error)
  const reason: Record<string, string> = {
    ENOSPC: 'the disk is full: free some space and start again',
    EDQUOT: 'the disk quota is used up: free some space and start again',
    EROFS: 'the disk is read-only: set CROSSWALK_DATA_DIR to a folder that can be written',
    EACCES: 'it belongs to another user: start as that user, or set CROSSWALK_DATA_DIR to a folder of your own',
    EPERM: 'it belongs to another user: start as that user, or set CROSSWALK_DATA_DIR to a folder of your own',
    EEXIST: 'a file is in the way: move it, or set CROSSWALK_DATA_DIR to another folder',
    ENOTDIR: 'a file is in the way: move it, or set CROSSWALK_DATA_DIR to another folder',
  }
  return new OperatorProblem(`Cannot ${verb} ${path}: ${(code && reason[code]) ?? errorLine(error)}.`, { cause: error })
}
