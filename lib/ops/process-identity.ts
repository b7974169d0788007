import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'

/**
 * Tells a process from a later one with the same number: the moment it began, as the system writes it. Null when there is
 * no such process, or only its remains that nobody has waited for.
 */
export async function processIdentity(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim() || null
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The name in brackets may hold spaces; after it: state, parent, …, and 20th the start in clock ticks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? null : (fields[19] ?? null)
}
