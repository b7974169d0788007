import { erpContentHash } from '#lib/engine/content-hash'
import type { RunContext } from '#lib/engine/context'
import { erpCreatedSettlement, failedErpCreate } from '#lib/engine/erp-create-settlements'
import { type ErpResolution, resolveErpIntents } from '#lib/engine/erp-intents'
import { boundaryGuard } from '#lib/engine/failures'
import type { MutableLookups } from '#lib/engine/pairs'
import { openSettler, type Settlement } from '#lib/engine/settle'
import { findCrmRecords } from '#lib/store/crm-records'
import { upsertErpRecords } from '#lib/store/erp-records'
import { dropIntent, findOpenIntents } from '#lib/store/intents'
import { type Item, settleItems } from '#lib/store/items'
import { appendLog } from '#lib/store/log'
import { insertCreatedPair } from '#lib/store/mappings'
import { adoptedInErpMessage, notCreatedInErpMessage } from '#lib/sync/back-messages'
import { planErpCreate } from '#lib/sync/plan-create-erp'
import { problemCodes } from '#lib/sync/problems'
import type { ErpRecord, RecordType } from '#lib/sync/records'

/** Before anything is matched: creates in the ERP that earlier runs left without an answer are looked up and adopted. */
export async function resolveEarlierErpCreates(context: RunContext): Promise<void> {
  for (const type of context.types) {
    const intents = (await openIntents(context, type)).filter(
      (item) => item.runId !== context.run.id && context.selectsCrm(type, item.crmId ?? ''),
    )
    if (intents.length === 0) continue
    const resolutions = await resolveErpIntents(context, type, intents, boundaryGuard(context))
    for (const item of intents) {
      context.stopIfAsked()
      await resolveEarlier(context, item, resolutions.get(item.id))
    }
  }
}

function openIntents(context: RunContext, type: RecordType) {
  return findOpenIntents({ connectionId: context.run.connectionId, type, direction: 'to_erp' })
}

async function resolveEarlier(context: RunContext, item: Item, resolution: ErpResolution | undefined): Promise<void> {
  if (!resolution) return
  if (resolution.found === 'one') return adoptPair(context, item, resolution.record)
  if (resolution.found === 'unknown') {
    // The record waits: it is not sent again before it has been looked up.
    const record = { type: item.type, crmId: item.crmId ?? '', name: item.erpName }
    const failure = { code: problemCodes.answerLost, reason: resolution.reason }
    return context.log([notCreatedInErpMessage(context.names, record, failure)])
  }
  // Not there: the record is new again for this run. Several: matching will call them ambiguous.
  await context.commit((tx) => dropIntent(tx, item.id))
}

/** The pair is a fresh one (no base): its content is compared in this run like that of any other new pair. */
async function adoptPair(context: RunContext, item: Item, record: ErpRecord): Promise<void> {
  const { connectionId, id: runId } = context.run
  const { type, crmId } = item
  const crm = (await findCrmRecords(connectionId, type, crmId === null ? [] : [crmId])).get(crmId ?? '')
  if (!crm) return context.commit((tx) => dropIntent(tx, item.id))
  await context.commit(async (tx) => {
    await upsertErpRecords(tx, { connectionId, type, seenInRun: runId }, [
      { record, contentHash: erpContentHash(record) },
    ])
    await insertCreatedPair(tx, {
      connectionId,
      type,
      runId,
      erpKey: record.key,
      erpName: record.name,
      crmId: crm.record.id,
      crmName: crm.record.longName ?? crm.record.name,
      adopted: true,
      base: null,
      erpHash: null,
      crmHash: null,
      externalKeySent: crm.record.externalKey === record.key,
      warned: {},
      turnSyncOn: type === 'project' && !record.syncToCrm,
      erpFlag: record.syncToCrm,
    })
    const done = { state: 'done', outcome: 'created', problemCode: null, message: null, changes: null } as const
    await settleItems(tx, [{ id: item.id, ...done, crmId, erpKey: record.key }])
    const subject = { type, erpKey: record.key, erpName: record.name, crmId }
    await appendLog(tx, { connectionId, runId }, [adoptedInErpMessage(context.names, subject)])
  })
}

/** Creates of this run whose answer is not known: adopted, sent again by the caller, or left to a person. */
export async function resolveOpenErpCreates(
  context: RunContext,
  type: RecordType,
  lookups: MutableLookups,
): Promise<void> {
  const intents = (await openIntents(context, type)).filter((item) => item.runId === context.run.id)
  if (intents.length === 0) return
  const settler = openSettler(context, type)
  const resolutions = await resolveErpIntents(context, type, intents, boundaryGuard(context))
  for (const item of intents) {
    const settlement = await settlementOf(context, item, resolutions.get(item.id), lookups)
    if (settlement.created) lookups.add(type, settlement.created.erpKey, settlement.created.crmId)
    await settler.add(settlement)
  }
  await settler.flush()
}

async function settlementOf(
  context: RunContext,
  item: Item,
  resolution: ErpResolution | undefined,
  lookups: MutableLookups,
): Promise<Settlement> {
  const { type, crmId } = item
  const crm = (await findCrmRecords(context.run.connectionId, type, crmId === null ? [] : [crmId])).get(crmId ?? '')
  const open: Settlement = { item, state: 'sending', outcome: null, log: [] }
  if (!resolution || !crm) return open
  switch (resolution.found) {
    case 'one': {
      const entries = context.ports.fieldMap[type]
      const plan = planErpCreate({ crm: crm.record, entries, lookups, erpFields: context.ports.erp.fields(type) })
      return erpCreatedSettlement(context, { item, crm, plan, lookups }, resolution.record, true)
    }
    case 'none':
      return { item, state: 'planned', outcome: null, log: [] }
    case 'several':
      return failedErpCreate(context, item, {
        code: problemCodes.lookAlikes,
        reason: `Several records could be it: ${resolution.records.map((record) => record.key).join(', ')}.`,
      })
    case 'unknown':
      return open
  }
}
