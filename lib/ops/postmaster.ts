import { spawnSync } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from './operator-problem.ts'

/** A PostgreSQL server that runs on a data directory now, whoever started it. */
export type Postmaster = { pid: number; port: number; ready: boolean }

/**
 * The server of this data directory, or null when none runs. A pid file left by a power cut or a kill -9 is told from a
 * living server by the process itself, since its number may belong to another program by now.
 */
export async function findPostmaster(cluster: string): Promise<Postmaster | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null
    throw error
  })
  // Lines: pid, data directory, start time, port, socket directory, address, shared memory, status.
  const lines = text?.split('\n') ?? []
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  if (!Number.isInteger(pid) || pid <= 0 || !(await isServerOf(cluster, pid))) return null
  return { pid, port, ready: lines[7]?.trim() === 'ready' }
}

/** Removes a pid file whose process is gone or is not PostgreSQL; a server would refuse to start over the latter. */
export async function clearStalePidFile(cluster: string): Promise<void> {
  if ((await findPostmaster(cluster)) === null) await rm(join(cluster, 'postmaster.pid'), { force: true })
}

/** Fast shutdown: open transactions are rolled back, everything committed is on disk. Returns when the server is gone. */
export async function stopPostmaster(cluster: string, pid: number, patienceMs = 15_000): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!send(pid, signal)) return
    const deadline = Date.now() + patienceMs
    while (Date.now() < deadline) {
      if (!(await isServerOf(cluster, pid))) return
      await sleep(20)
    }
  }
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal)
    return true
  } catch {
    return false
  }
}

/** By its command line; empty for a zombie that nobody has waited for, which is as good as gone. */
async function isServerOf(cluster: string, pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false
  }
  const command =
    process.platform === 'linux'
      ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout
  return command.includes(cluster)
}
