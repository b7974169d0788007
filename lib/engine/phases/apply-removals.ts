import type { RunContext } from '#lib/engine/context'
import { readByKey } from '#lib/engine/phases/remove'
import { type DoneItem, insertDoneItems, type NewItem } from '#lib/store/items'
import { appendLog } from '#lib/store/log'
import { findApprovedItems } from '#lib/store/plans'
import { markCrmRecordsGone, removeGonePairs } from '#lib/store/removals'
import { staleMessage } from '#lib/sync/messages'
import { problemCodes } from '#lib/sync/problems'
import type { RecordType } from '#lib/sync/records'
import { mappingRemovedMessage } from '#lib/sync/removal-messages'

/** Ends the plan's mappings whose CRM record still does not answer; one that answers again is refused as stale. */
export async function removeApproved(context: RunContext, planId: string): Promise<void> {
  for (const type of context.types) {
    const step = `remove:${type}`
    if (context.isDone(step)) continue
    const approved = await findApprovedItems(planId, { type, direction: 'to_erp' })
    const items = approved.filter((item) => item.action === 'unmap')
    const ids = items.flatMap((item) => item.crmId ?? [])
    const there = new Set((await readByKey(context, type, ids)).map((record) => record.id.toUpperCase()))
    const isBack = (item: NewItem) => there.has((item.crmId ?? '').toUpperCase())
    await storeRemoved(context, type, {
      step,
      gone: items.filter((item) => !isBack(item)),
      stale: items.filter(isBack),
    })
  }
}

async function storeRemoved(
  context: RunContext,
  type: RecordType,
  found: { readonly step: string; readonly gone: readonly NewItem[]; readonly stale: readonly NewItem[] },
): Promise<void> {
  const { connectionId, id: runId } = context.run
  const at = { connectionId, type }
  const ids = found.gone.flatMap((item) => item.crmId ?? [])
  const goneLines = found.gone.map((item) =>
    mappingRemovedMessage(context.names, { ...item, type }, item.pairing?.crmName ?? ''),
  )
  const staleLines = found.stale.map((item) => staleMessage(context.names, { ...item, type }, 'to_crm'))
  const done = [...found.gone, ...found.stale].map((item, index): DoneItem => {
    const isGone = index < found.gone.length
    const line = (isGone ? goneLines : staleLines)[isGone ? index : index - found.gone.length]
    const problemCode = isGone ? problemCodes.mappingRemoved : problemCodes.planStale
    return { ...item, outcome: 'skipped', problemCode, message: line?.message ?? null }
  })
  await context.commit(async (tx) => {
    await removeGonePairs(tx, at, ids)
    await markCrmRecordsGone(tx, at, ids)
    await insertDoneItems(tx, { ...at, runId, direction: 'to_erp' }, done)
    await appendLog(tx, { connectionId, runId }, [...goneLines, ...staleLines])
  }, context.withDone(found.step))
}
