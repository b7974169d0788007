import { fromPrisma, PgBoss } from 'pg-boss'
import type { Transaction } from './database.ts'

/**
 * The queue says "please advance run R" and nothing else: ids only. The checkpoints are our own rows, so losing or
 * repeating a job at any instruction is harmless (guide/reliability.md).
 */
const QUEUE = 'advance-run'
/** Jobs whose worker failed again and again, for an engineer to look at; the sweeper goes on with their runs. */
const DEAD_LETTERS = 'advance-run-failed'
/** So many runs go side by side in one worker; each belongs to another connection. */
const RUNS_AT_ONCE = 8

const holder = globalThis as { crosswalkQueue?: Promise<PgBoss> }

function queue(): Promise<PgBoss> {
  holder.crosswalkQueue ??= openQueue().catch((error: unknown) => {
    // The next one to ask tries again: a database that was away for a moment must not cost the process its queue.
    delete holder.crosswalkQueue
    throw error
  })
  return holder.crosswalkQueue
}

async function openQueue(): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: process.env.DATABASE_URL,
    max: 4,
    application_name: 'crosswalk-queue',
    monitorIntervalSeconds: 15,
    superviseIntervalSeconds: 15,
  })
  // Without a listener a lost connection would end the process; the queue reconnects by itself.
  boss.on('error', () => undefined)
  await boss.start()
  await boss.createQueue(DEAD_LETTERS)
  await boss.createQueue(QUEUE, {
    deadLetter: DEAD_LETTERS,
    policy: 'exclusive',
    heartbeatSeconds: 30,
    expireInSeconds: 6 * 60 * 60,
    retryLimit: 5,
    retryBackoff: true,
    retryDelayMax: 60,
  })
  return boss
}

/** Queues a run in the transaction that inserts it: either both are there or neither is. */
export async function sendAdvanceJob(
  tx: Transaction,
  job: { readonly runId: string; readonly connectionId: string },
): Promise<void> {
  const boss = await queue()
  await boss.send(QUEUE, { runId: job.runId }, { db: fromPrisma(tx), singletonKey: job.connectionId })
}

/** Hands queued runs to `advance`, side by side. */
export async function workOnQueue(advance: (runId: string, signal: AbortSignal) => Promise<void>): Promise<void> {
  const boss = await queue()
  await boss.work<{ runId: string }>(
    QUEUE,
    { pollingIntervalSeconds: 0.5, localConcurrency: RUNS_AT_ONCE },
    async ([job]) => {
      if (job) await advance(job.data.runId, job.signal)
    },
  )
}

/** Takes no further jobs and waits for those in hand, at most `timeoutSeconds`. */
export async function closeQueue(timeoutSeconds: number): Promise<void> {
  const open = holder.crosswalkQueue
  delete holder.crosswalkQueue
  if (open) await (await open).stop({ graceful: true, timeout: timeoutSeconds * 1000 })
}
