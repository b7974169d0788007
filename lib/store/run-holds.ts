import { type Database, database, type Transaction } from './database.ts'
import { OPEN_STATES } from './runs.ts'

/** Runs that are open and go on later: handed back by their process, paused by a person, or waiting for a system. */

/**
 * Hands a run back: nobody goes on with it until it is resumed (`resumeInSeconds: null`), or until so many seconds have
 * passed by the database's clock. False: another process has taken it.
 */
export async function handBackRun(
  tx: Database,
  held: { readonly runId: string; readonly epoch: number },
  wait: { readonly resumeInSeconds: number; readonly reason: string } | null,
): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE sync_run
       SET state = 'queued', heartbeat_at = now(),
           resume_at = now() + ${wait?.resumeInSeconds ?? null}::float8 * interval '1 second',
           park_reason = ${wait?.reason ?? null},
           parked_since = CASE WHEN ${wait !== null} THEN coalesce(parked_since, now()) ELSE parked_since END,
           parkings = parkings + ${wait === null ? 0 : 1}
     WHERE id = ${held.runId}::uuid AND epoch = ${held.epoch} AND state = 'running'`
  return count === 1
}

/** Asks an open run to wait from its next record on. False when it is not open or is waiting already. */
export async function markPauseRequested(id: string, by: string): Promise<boolean> {
  const changed = await database().syncRun.updateMany({
    where: { id, state: { in: OPEN_STATES }, pauseRequestedAt: null, cancelRequestedAt: null },
    data: { pauseRequestedAt: new Date(), pauseRequestedBy: by },
  })
  return changed.count === 1
}

/** Ends the pause of an open run. Answers its connection; `null`: it was not paused. */
export async function clearPause(id: string, tx: Transaction): Promise<string | null> {
  const [row] = await tx.syncRun.updateManyAndReturn({
    where: { id, state: { in: OPEN_STATES }, pauseRequestedAt: { not: null } },
    data: { pauseRequestedAt: null, pauseRequestedBy: null },
    select: { connectionId: true },
  })
  return row?.connectionId ?? null
}

/** Lets a run that waits for a system try again at once. Answers its connection; `null`: it does not wait. */
export async function clearWait(id: string, tx: Transaction): Promise<string | null> {
  const [row] = await tx.syncRun.updateManyAndReturn({
    where: { id, state: 'queued', resumeAt: { not: null } },
    data: { resumeAt: null },
    select: { connectionId: true },
  })
  return row?.connectionId ?? null
}

/** Seconds since the process that works on a run last gave a sign of life, by the database's clock. */
export async function secondsSinceHeartbeat(id: string): Promise<number | null> {
  const [row] = await database().$queryRaw<{ seconds: number | null }[]>`
    SELECT extract(epoch FROM now() - heartbeat_at)::float8 AS seconds
      FROM sync_run WHERE id = ${id}::uuid AND state = 'running'`
  return row?.seconds ?? null
}
