import type { RunContext } from '#lib/engine/context'
import { erpCreatedSettlement, failedErpCreate } from '#lib/engine/erp-create-settlements'
import { boundaryGuard } from '#lib/engine/failures'
import { loadLookups, type MutableLookups } from '#lib/engine/pairs'
import { loadErpNames, type TakeSources, templateOf } from '#lib/engine/phases/take-plan-creates'
import { forEachConcurrently } from '#lib/engine/pool'
import { resolveOpenErpCreates } from '#lib/engine/resolve-erp'
import { openSettler, type Settlement, type Settler } from '#lib/engine/settle'
import { staleness } from '#lib/engine/stale'
import { storeIntents } from '#lib/engine/store-intents'
import { findCrmRecords, type StoredCrmRecord } from '#lib/store/crm-records'
import { unmarkSending } from '#lib/store/intents'
import { findOpenCreates, findPlannedItems, type Item, type ItemsOf } from '#lib/store/items'
import { notCreatedInErpMessage } from '#lib/sync/back-messages'
import type { ErpNamesakes } from '#lib/sync/erp-namesakes'
import { type ErpCreatePlan, planErpCreate } from '#lib/sync/plan-create-erp'
import { problemCodes, problemOfFailure } from '#lib/sync/problems'
import type { RecordType } from '#lib/sync/records'

/** So many creates are written down as intents together; after a crash each of them has to be looked up. */
const INTENDED_TOGETHER = 20

/** A create whose answer is lost again and again is left to the next run. */
const MOST_SENDS = 3

/** Creates the planned records of one type in the ERP, each exactly once (sync-rules §8 step 9, §10.1). */
export async function sendErpCreates(
  context: RunContext,
  type: RecordType,
  sources: TakeSources,
  onSettled: () => Promise<void>,
): Promise<void> {
  const of: ItemsOf = { runId: context.run.id, type, direction: 'to_erp' }
  const lookups = await loadLookups(context)
  for (let round = 0; round < MOST_SENDS; round += 1) {
    // Also what an attempt that died has sent: looked up before anything is sent again.
    await resolveOpenErpCreates(context, type, lookups)
    const namesakes = await loadErpNames(context, type)
    if (!(await sendRound(context, of, { namesakes, lookups, sources, onSettled }))) break
  }
  await resolveOpenErpCreates(context, type, lookups)
  await logUnanswered(context, of)
}

/** Of these nobody knows whether they exist: the next run looks them up before anything is sent again. */
async function logUnanswered(context: RunContext, of: ItemsOf): Promise<void> {
  const open = await findOpenCreates(of)
  if (open.length === 0) return
  const failure = { code: problemCodes.answerLost, reason: null }
  await context.log(
    open.map((item) =>
      notCreatedInErpMessage(context.names, { type: of.type, crmId: item.crmId ?? '', name: item.erpName }, failure),
    ),
  )
}

interface Round {
  readonly namesakes: ErpNamesakes
  readonly lookups: MutableLookups
  readonly sources: TakeSources
  readonly onSettled: () => Promise<void>
}

interface Prepared {
  readonly item: Item
  readonly crm: StoredCrmRecord
  readonly plan: ErpCreatePlan
  readonly template: string | null
}

/** Sends what is planned; answers whether there was anything. */
async function sendRound(context: RunContext, of: ItemsOf, round: Round): Promise<boolean> {
  const settler = openSettler(context, of.type)
  const guard = boundaryGuard(context)
  for (let any = false; ; any = true) {
    context.stopIfAsked()
    const items = await findPlannedItems({ ...of, action: 'create', batch: 1, limit: INTENDED_TOGETHER })
    if (items.length === 0) return any
    const prepared = await storeIntents(context, await prepare(context, items, round, settler), () => null, settler)
    const unsent = new Set(prepared.map((one) => one.item.id))
    try {
      await forEachConcurrently(prepared, context.ports.settings.erpConcurrency, async (one) => {
        context.stopIfAsked()
        unsent.delete(one.item.id)
        const settlement = await createOne(context, one, { round, guard })
        if (settlement.created) round.lookups.add(of.type, settlement.created.erpKey, settlement.created.crmId)
        await settler.add(settlement)
        await round.onSettled()
      })
    } finally {
      await settler.flush()
      if (unsent.size > 0) await context.commit((tx) => unmarkSending(tx, [...unsent]), { gotFurther: false })
    }
  }
}

/** Plans the creates; those that cannot be sent at all are settled here. */
async function prepare(
  context: RunContext,
  items: readonly Item[],
  { namesakes, lookups, sources }: Round,
  settler: Settler,
): Promise<Prepared[]> {
  const prepared: Prepared[] = []
  for (const { item, crm } of await withRecords(context, items)) {
    if (!crm) {
      await settler.add({ item, state: 'done', outcome: 'skipped', log: [] })
      continue
    }
    const entries = context.ports.fieldMap[item.type]
    const erpFields = context.ports.erp.fields(item.type)
    const plan = planErpCreate({ crm: crm.record, entries, lookups, erpFields })
    const stale = staleness(context, item, { erpHash: null, crmHash: crm.hash, changes: plan.changes })
    const template = item.type === 'project' ? templateOf(context, crm.record, sources) : null
    const [namesake] = namesakes.find(crm.record)
    if (stale) await settler.add(stale)
    else if (namesake !== undefined)
      await settler.add(failedErpCreate(context, item, takenName(context, item, namesake)))
    else if (plan.lacksClient) {
      await settler.add(failedErpCreate(context, item, { code: problemCodes.clientMissing, reason: null }))
    } else if (template && !template.ok) await settler.add(failedErpCreate(context, item, template))
    else prepared.push({ item, crm, plan, template: template?.key ?? null })
  }
  await settler.flush()
  return prepared
}

/** A plan may be older than the record that has the name now. */
function takenName(context: RunContext, item: Item, erpKey: string) {
  const reason = `${context.names.erp} has the ${item.type} ${erpKey} with the same name or number by now.`
  return { code: problemCodes.erpNamesake, reason }
}

async function withRecords(
  context: RunContext,
  items: readonly Item[],
): Promise<{ item: Item; crm: StoredCrmRecord | undefined }[]> {
  const [type] = items.map((item) => item.type)
  if (type === undefined) return []
  const ids = items.flatMap((item) => item.crmId ?? [])
  const records = await findCrmRecords(context.run.connectionId, type, ids)
  return items.map((item) => ({ item, crm: records.get(item.crmId ?? '') }))
}

async function createOne(
  context: RunContext,
  one: Prepared,
  { round, guard }: { readonly round: Round; readonly guard: ReturnType<typeof boundaryGuard> },
): Promise<Settlement> {
  const { item, plan, template } = one
  const how = { signal: context.signal, ...(template === null ? {} : { template }) }
  const answer = await guard(() => context.ports.erp.create(item.type, plan.fields, how))
  if (answer.ok) return erpCreatedSettlement(context, { ...one, lookups: round.lookups }, answer.value, false)
  const { failure } = answer
  // The answer is not known: the intent stays, and is looked up before anything is sent again.
  if (failure.failureClass === 'unknown') return { item, state: 'sending', outcome: null, log: [] }
  const code = problemOfFailure(failure.reason, 'create')
  return failedErpCreate(context, item, { code, reason: failure.message })
}
