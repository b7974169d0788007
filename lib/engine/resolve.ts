import { adoptPair } from '#lib/engine/adopt'
import { completeCreate } from '#lib/engine/complete-create'
import type { RunContext } from '#lib/engine/context'
import { createdSettlement, failedCreate } from '#lib/engine/create-settlements'
import { boundaryGuard } from '#lib/engine/failures'
import { type Resolution, resolveIntent } from '#lib/engine/intents'
import type { MutableLookups } from '#lib/engine/pairs'
import { forEachConcurrently } from '#lib/engine/pool'
import { openSettler, type Settlement } from '#lib/engine/settle'
import { findErpRecords, type StoredErpRecord } from '#lib/store/erp-records'
import { dropIntent, findOpenIntents } from '#lib/store/intents'
import type { Item } from '#lib/store/items'
import { failedMessage } from '#lib/sync/messages'
import { planCreate } from '#lib/sync/plan-create'
import { problemCodes } from '#lib/sync/problems'
import type { RecordType } from '#lib/sync/records'

/** Before anything is matched: creates that earlier runs left without an answer are looked up and adopted. */
export async function resolveEarlierRuns(context: RunContext): Promise<void> {
  for (const type of context.types) {
    const intents = (
      await findOpenIntents({ connectionId: context.run.connectionId, type, direction: 'to_crm' })
    ).filter((item) => item.runId !== context.run.id && context.selects(type, item.erpKey))
    if (intents.length === 0) continue
    const guard = boundaryGuard(context)
    await forEachResolved(context, type, intents, guard, async (item, erp, resolution) => {
      if (resolution.found === 'one') await adoptPair(context, item, erp, resolution.record)
      else if (resolution.found === 'unknown') await context.log([unansweredLine(context, erp, resolution.reason)])
      // Not there: the record is an ordinary candidate again. Several: matching will call them ambiguous.
      else await context.commit((tx) => dropIntent(tx, item.id))
    })
  }
}

/** The record waits: it is not sent again before it has been looked up. */
function unansweredLine(context: RunContext, { record }: StoredErpRecord, reason: string) {
  const subject = { type: record.type, erpKey: record.key, erpName: record.name, crmId: null }
  return failedMessage(context.names, subject, { action: 'create', code: problemCodes.answerLost, reason })
}

/** Creates of this run whose answer is not known: adopted, sent again by the caller, or left to a person. */
export async function resolveOpenIntents(
  context: RunContext,
  type: RecordType,
  lookups: MutableLookups,
): Promise<void> {
  const intents = (await findOpenIntents({ connectionId: context.run.connectionId, type, direction: 'to_crm' })).filter(
    (item) => item.runId === context.run.id,
  )
  if (intents.length === 0) return
  const settler = openSettler(context, type)
  const guard = boundaryGuard(context)
  await forEachResolved(context, type, intents, guard, async (item, erp, resolution) => {
    const settlement = await settlementOf(context, item, erp, resolution, { lookups, guard })
    if (settlement.created) lookups.add(type, item.erpKey, settlement.created.crmId)
    await settler.add(settlement)
  })
  await settler.flush()
}

async function forEachResolved(
  context: RunContext,
  type: RecordType,
  intents: readonly Item[],
  guard: ReturnType<typeof boundaryGuard>,
  work: (item: Item, erp: StoredErpRecord, resolution: Resolution) => Promise<void>,
): Promise<void> {
  const erp = await findErpRecords(
    context.run.connectionId,
    type,
    intents.map((item) => item.erpKey),
  )
  await forEachConcurrently(intents, context.ports.settings.crmConcurrency, async (item) => {
    context.stopIfAsked()
    const record = erp.get(item.erpKey)
    if (record) await work(item, record, await resolveIntent(context, item, record, guard))
  })
}

async function settlementOf(
  context: RunContext,
  item: Item,
  erp: StoredErpRecord,
  resolution: Resolution,
  tools: { readonly lookups: MutableLookups; readonly guard: ReturnType<typeof boundaryGuard> },
): Promise<Settlement> {
  switch (resolution.found) {
    case 'one': {
      const entries = context.ports.fieldMap[item.type]
      const plan = planCreate({ erp: erp.record, entries, lookups: tools.lookups, callerKey: item.intentKey })
      const record = await completeCreate(context, item.type, plan, resolution.record, tools.guard)
      return createdSettlement(context, { item, erp, plan }, record, true)
    }
    case 'none':
      return { item, state: 'planned', outcome: null, log: [] }
    case 'several':
      return failedCreate(context, item, erp, {
        code: problemCodes.lookAlikes,
        reason: `Several records could be it: ${resolution.records.map((record) => record.id).join(', ')}.`,
      })
    case 'unknown':
      return { item, state: 'sending', outcome: null, log: [] }
  }
}
