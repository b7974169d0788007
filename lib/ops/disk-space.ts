import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Less than a start writes: PostgreSQL's first files and the sandbox take 70 MB. */
const LEAST_FREE_MB = 128

/** One sentence when a disk that a start writes to is as good as full, else null. Folders need not exist yet. */
export async function diskProblem(folders: string[], leastFreeMb = LEAST_FREE_MB): Promise<string | null> {
  for (const folder of folders) {
    const free = await freeMegabytes(folder)
    if (free < leastFreeMb) {
      return `The disk of ${folder} is full (${free} MB left): free some space and start again.`
    }
  }
  return null
}

async function freeMegabytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return Math.floor((bavail * bsize) / (1024 * 1024))
  } catch {
    // Not there yet, or a system that does not tell: the nearest folder above, at the top no problem.
    const above = dirname(folder)
    return above === folder ? Number.POSITIVE_INFINITY : freeMegabytes(above)
  }
}
