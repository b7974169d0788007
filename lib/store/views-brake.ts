import { problemCodes } from '#lib/sync/problems'
import { database } from './database.ts'
import type { RunView } from './views-runs.ts'

/**
 * Whether a person may let the removals of this run go through once (sync-rules §8 step 4): it failed because the brake
 * held, and no later run of its connection has looked again.
 */
export async function isHeldByBrake(run: Pick<RunView, 'id' | 'connectionId' | 'state'>): Promise<boolean> {
  if (run.state !== 'failed') return false
  const [newest, line] = await Promise.all([
    database().syncRun.findFirst({
      where: { connectionId: run.connectionId },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      select: { id: true },
    }),
    database().integrationLogEntry.findFirst({
      where: { runId: run.id, code: problemCodes.brakePulled },
      select: { id: true },
    }),
  ])
  return newest?.id === run.id && line !== null
}
