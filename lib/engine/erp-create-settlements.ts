import { erpContentHash } from '#lib/engine/content-hash'
import type { RunContext } from '#lib/engine/context'
import { newWarnings, rememberWarnings } from '#lib/engine/pairs'
import type { Settlement } from '#lib/engine/settle'
import type { StoredCrmRecord } from '#lib/store/crm-records'
import type { Item } from '#lib/store/items'
import { adoptedInErpMessage, createdInErpMessage, notCreatedInErpMessage } from '#lib/sync/back-messages'
import { warningMessage } from '#lib/sync/messages'
import { planUpdate } from '#lib/sync/plan'
import type { ErpCreatePlan } from '#lib/sync/plan-create-erp'
import type { ProblemCode } from '#lib/sync/problems'
import type { ErpRecord, Fields } from '#lib/sync/records'
import type { Lookups } from '#lib/sync/transform'

/** What to store for a record that now exists in the ERP, created or adopted, as it was read back. */
export function erpCreatedSettlement(
  context: RunContext,
  one: { readonly item: Item; readonly crm: StoredCrmRecord; readonly plan: ErpCreatePlan; readonly lookups: Lookups },
  record: ErpRecord,
  adopted: boolean,
): Settlement {
  const { item, crm, plan, lookups } = one
  const { type } = record
  const crmId = crm.record.id
  const contentHash = erpContentHash(record)
  const agreed = agreement(context, record, crm, lookups)
  const subject = { type, erpKey: record.key, erpName: record.name, crmId }
  const warnings = newWarnings(plan.warnings, {}).map((warning) =>
    warningMessage(context.names, subject, warning, 'create'),
  )
  return {
    item,
    state: 'done',
    outcome: 'created',
    changes: plan.changes,
    erp: { record, contentHash },
    erpKey: record.key,
    created: {
      erpKey: record.key,
      erpName: record.name,
      crmId,
      crmName: crm.record.longName ?? crm.record.name,
      adopted,
      base: agreed.base,
      erpHash: agreed.isWhole ? contentHash : null,
      crmHash: agreed.isWhole ? crm.hash : null,
      externalKeySent: false,
      warned: rememberWarnings(plan.warnings),
      turnSyncOn: type === 'project' && !record.syncToCrm,
      erpFlag: record.syncToCrm,
    },
    log: [...warnings, (adopted ? adoptedInErpMessage : createdInErpMessage)(context.names, subject)],
  }
}

/** What both sides hold alike from the start; `isWhole`: nothing else is left to be said between them. */
function agreement(
  context: RunContext,
  erp: ErpRecord,
  crm: StoredCrmRecord,
  lookups: Lookups,
): { readonly base: Fields; readonly isWhole: boolean } {
  const fresh = planUpdate({
    erp,
    crm: crm.record,
    base: null,
    pins: [],
    entries: context.ports.fieldMap[erp.type],
    lookups,
    policy: context.ports.settings.conflictPolicy,
    erpFields: context.ports.erp.fields(erp.type),
  })
  const base = Object.entries(fresh.base).filter(([field]) => !(field in fresh.write))
  const open = Object.keys({ ...fresh.write, ...fresh.erpWrite }).length
  return { base: Object.fromEntries(base), isWhole: open === 0 && fresh.settled }
}

/** A record that could not be created. `reason`: a complete sentence, where there is one. */
export function failedErpCreate(
  context: RunContext,
  item: Item,
  failure: { readonly code: ProblemCode; readonly reason: string | null },
): Settlement {
  const record = { type: item.type, crmId: item.crmId ?? '', name: item.erpName }
  const line = notCreatedInErpMessage(context.names, record, failure)
  return {
    item,
    state: 'failed',
    outcome: 'failed',
    problemCode: failure.code,
    message: line.message,
    log: [line],
  }
}
