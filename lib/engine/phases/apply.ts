import { PROJECTS_PLANNED } from '#lib/engine/backlog'
import type { RunContext } from '#lib/engine/context'
import { readTotalsOfNew } from '#lib/engine/phases/totals'
import { findCrmRecords } from '#lib/store/crm-records'
import { findErpRecords } from '#lib/store/erp-records'
import { type DoneItem, insertDoneItems, type NewItem, replacePlannedItems, tallyDoneItems } from '#lib/store/items'
import { appendLog, type LogLine } from '#lib/store/log'
import { insertPairs, type NewPair } from '#lib/store/mappings'
import { findApprovedItems } from '#lib/store/plans'
import { remainingRuns } from '#lib/sync/batch'
import { mappedMessage, staleMessage } from '#lib/sync/messages'
import { emptyCounts, type OutcomeCounts } from '#lib/sync/outcome'
import { problemCodes } from '#lib/sync/problems'
import type { RecordType } from '#lib/sync/records'

/** Carries out an approved plan: its items and nothing else, each of them only if neither side has changed since. */

/** The totals of the plan's projects as they are now. */
export async function readTotalsOfApproved(context: RunContext, planId: string): Promise<void> {
  const items = await findApprovedItems(planId, { type: 'project', direction: 'to_crm' })
  const keys = items.filter((item) => !isPairOnly(item)).map((item) => item.erpKey)
  await readTotalsOfNew(context, keys)
}

/** Makes the plan's pairs, type by type; a pair of which one side has changed is refused as stale. */
export async function matchApproved(context: RunContext, planId: string): Promise<void> {
  const { connectionId, id: runId } = context.run
  for (const type of context.types) {
    const step = `match:${type}`
    if (context.isDone(step)) continue
    const items = await findApprovedItems(planId, { type, direction: 'to_crm' })
    const { fresh, stale } = await comparePairs(context, type, items)
    await context.commit(async (tx) => {
      const added = await insertPairs(tx, { connectionId, type, runId }, fresh.map(toPair))
      const kept = fresh.filter((item) => added.has(item.erpKey))
      const refused = [...stale, ...fresh.filter((item) => !added.has(item.erpKey))].filter(isPairOnly)
      const done = [
        ...kept.filter(isPairOnly).map((item): DoneItem => ({ ...item, outcome: 'mapped', ...NO_PROBLEM })),
        ...refused.map((item) => toStale(context, type, item)),
      ]
      await insertDoneItems(tx, { connectionId, runId, type, direction: 'to_crm' }, done)
      const lines: LogLine[] = [
        ...kept.map((item) => mappedMessage(context.names, type, { ...toPair(item) })),
        ...refused.map((item) => staleMessage(context.names, { ...item, type }, 'to_crm')),
      ]
      await appendLog(tx, { connectionId, runId }, lines)
    }, context.withDone(step))
  }
}

const NO_PROBLEM = { problemCode: null, message: null } as const

function isPairOnly(item: NewItem): boolean {
  return item.action === 'map'
}

function toPair(item: NewItem): NewPair {
  const { erpKey, erpName, crmId, pairing } = item
  return {
    erpKey,
    erpName,
    crmId: crmId ?? '',
    crmName: pairing?.crmName ?? '',
    turnSyncOn: pairing?.turnSyncOn === true,
  }
}

function toStale(context: RunContext, type: RecordType, item: NewItem): DoneItem {
  const { message } = staleMessage(context.names, { ...item, type }, 'to_crm')
  return { ...item, outcome: 'skipped', problemCode: problemCodes.planStale, message }
}

async function comparePairs(
  context: RunContext,
  type: RecordType,
  items: readonly NewItem[],
): Promise<{ fresh: NewItem[]; stale: NewItem[] }> {
  const { connectionId } = context.run
  const pairs = items.filter((item) => item.pairing)
  const erp = await findErpRecords(
    connectionId,
    type,
    pairs.map((item) => item.erpKey),
  )
  const crm = await findCrmRecords(
    connectionId,
    type,
    pairs.flatMap((item) => item.crmId ?? []),
  )
  const isFresh = (item: NewItem) =>
    erp.get(item.erpKey)?.hash === item.erpHash && crm.get(item.crmId ?? '')?.hash === item.crmHash
  return { fresh: pairs.filter(isFresh), stale: pairs.filter((item) => !isFresh(item)) }
}

/** Takes over the plan's items of a type as those of this run; what is still to be sent counts as not reached. */
export async function planApproved(context: RunContext, type: RecordType, planId: string): Promise<void> {
  const project = type === 'project'
  const step = project ? PROJECTS_PLANNED : `plan:${type}`
  if (context.isDone(step)) return
  const { connectionId, id: runId, batchSize } = context.run
  const items = (await findApprovedItems(planId, { type, direction: 'to_crm' })).filter(
    (item) => item.action === 'update' || item.action === 'create',
  )
  const counts: Record<keyof OutcomeCounts, number> = { ...emptyCounts() }
  for (const { outcome, count } of await tallyDoneItems({ runId, type, direction: 'to_crm' })) counts[outcome] += count
  counts.notReached += items.length
  counts.considered = Object.values(counts).reduce((sum, count) => sum + count, 0)
  context.counters[type] = counts
  const due = items.filter((item) => item.action === 'update').length
  await context.commit((tx) => replacePlannedItems(tx, { runId, connectionId, type, direction: 'to_crm' }, items), {
    ...context.withDone(step),
    counters: context.counters,
    ...(project
      ? {
          batchesPlanned: remainingRuns(due, batchSize),
          remainingProjects: due,
          remainingRuns: remainingRuns(due, batchSize),
        }
      : {}),
  })
}
