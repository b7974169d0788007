import { countBacklog } from '#lib/engine/backlog'
import type { RunContext } from '#lib/engine/context'
import { planType } from '#lib/engine/phases/plan'
import { readTotalsOfNew } from '#lib/engine/phases/totals'
import { sendCreates } from '#lib/engine/send-creates'
import { sendUpdates } from '#lib/engine/send-updates'
import { findBatchSizes, findPlannedKeys } from '#lib/store/items'
import { appendLog } from '#lib/store/log'
import type { RecordType } from '#lib/sync/records'
import { messageBatchCompleted } from '#lib/sync/run-messages'

/** Employees, clients, contacts: planned and sent whole in every run, backlog or not (sync-rules §6.2). */
export async function sendPeople(context: RunContext): Promise<void> {
  for (const type of context.types) {
    if (type === 'project') continue
    if (context.isDone(`send:${type}`)) continue
    await planType(context, type)
    const report = reporter(context, type, context.counters[type]?.notReached ?? 0)
    await sendCreates(context, type, report)
    await sendUpdates(context, type, 1, report)
    await context.commit(async () => undefined, context.withDone(`send:${type}`))
  }
}

/** One batch of projects, or batch after batch where the run keeps going (sync-rules §6). */
export async function sendProjects(context: RunContext): Promise<void> {
  await planType(context, 'project')
  const total = context.counters.project?.notReached ?? 0
  // One count for the whole run: a bar that began anew with each batch would never seem to get anywhere.
  let report: (() => Promise<void>) | null = null
  const sizes = await findBatchSizes(context.run.id)
  for (const [index, size] of sizes.entries()) {
    const batch = index + 1
    // An earlier attempt may have sent the last record of a batch and not have closed it: then only that is left to do.
    if (batch <= context.run.batchesDone) continue
    report ??= reporter(context, 'project', context.run.options.allBatches ? total : size)
    await sendUpdates(context, 'project', batch, report)
    await closeBatch(context, { batch, of: sizes.length, size })
  }
}

async function closeBatch(
  context: RunContext,
  closed: { readonly batch: number; readonly of: number; readonly size: number },
): Promise<void> {
  const { id: runId, connectionId, options } = context.run
  const backlog = await countBacklog(context)
  await context.commit(
    async (tx) => {
      // §6.4, §13.12: these lines stand only in a run that keeps going and has more than one batch.
      const line = options.allBatches ? messageBatchCompleted(closed.batch, closed.of, closed.size) : null
      if (line) await appendLog(tx, { connectionId, runId }, [line])
    },
    { batchesDone: closed.batch, ...backlog },
  )
}

/** *Create in CRM*, when no backlog is left (sync-rules §6.2, §8 step 8). */
export async function createProjects(context: RunContext): Promise<void> {
  const keys = await findPlannedKeys({ runId: context.run.id, type: 'project', direction: 'to_crm' }, 'create')
  if (keys.length > 0 && !context.isRehearsal) await readTotalsOfNew(context, keys)
  await sendCreates(context, 'project', reporter(context, 'project', context.counters.project?.notReached ?? 0))
}

function reporter(context: RunContext, type: RecordType, of: number): () => Promise<void> {
  const plural = {
    employee: 'employees',
    client: 'clients',
    vendor: 'consultants',
    contact: 'contacts',
    project: 'projects',
  }[type]
  let done = 0
  return async () => {
    done += 1
    await context.report(`Sending ${plural} to ${context.names.crm}`, done, of)
  }
}
