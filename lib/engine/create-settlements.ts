import type { RunContext } from '#lib/engine/context'
import { newWarnings, rememberWarnings, storedCrm } from '#lib/engine/pairs'
import type { Settlement } from '#lib/engine/settle'
import type { StoredErpRecord } from '#lib/store/erp-records'
import type { Item } from '#lib/store/items'
import { agreedBase } from '#lib/sync/agreed-base'
import { adoptedMessage, createdMessage, failedMessage, warningMessage } from '#lib/sync/messages'
import type { CreatePlan } from '#lib/sync/plan-create'
import type { ProblemCode } from '#lib/sync/problems'
import type { CrmRecord } from '#lib/sync/records'
import { isTakeable } from '#lib/sync/take'

/** What to store for a record that now exists in the CRM, created or adopted, as it was read back. */
export function createdSettlement(
  context: RunContext,
  one: { readonly item: Item; readonly erp: StoredErpRecord; readonly plan: CreatePlan },
  record: CrmRecord,
  adopted: boolean,
): Settlement {
  const after = storedCrm(record)
  const erp = one.erp.record
  const subject = { type: erp.type, erpKey: erp.key, erpName: erp.name, crmId: record.id }
  const entries = context.ports.fieldMap[erp.type]
  const erpFields = context.ports.erp.fields(erp.type)
  // Only what the CRM really holds is agreed: an address whose call failed is due in the next comparison.
  const base = agreedBase(one.plan.base, record.fields, entries)
  const isKept = Object.keys(base).length === Object.keys(one.plan.base).length
  // What the CRM owns was no part of the creation, and may hold something already.
  const isAllSent = !entries.some((entry) => entry.owner === 'crm' && isTakeable(entry, erpFields))
  const whole = isKept && isAllSent && one.plan.warnings.length === 0
  const warnings = newWarnings(one.plan.warnings, {}).map((warning) =>
    warningMessage(context.names, subject, warning, 'create'),
  )
  return {
    item: one.item,
    state: 'done',
    outcome: 'created',
    changes: one.plan.changes,
    crm: { record, contentHash: after.hash },
    created: {
      erpKey: erp.key,
      erpName: erp.name,
      crmId: record.id,
      crmName: record.longName ?? record.name,
      adopted,
      base,
      erpHash: whole ? one.erp.hash : null,
      crmHash: whole ? after.hash : null,
      externalKeySent: record.externalKey === erp.key,
      warned: rememberWarnings(one.plan.warnings),
      turnSyncOn: erp.type === 'project' && !erp.syncToCrm,
      erpFlag: erp.syncToCrm,
    },
    log: [...warnings, (adopted ? adoptedMessage : createdMessage)(context.names, subject)],
  }
}

/** A record that could not be created. `reason`: the CRM's own sentence, where it gave one. */
export function failedCreate(
  context: RunContext,
  item: Item,
  erp: StoredErpRecord,
  failure: { readonly code: ProblemCode; readonly reason: string | null },
): Settlement {
  const subject = { type: erp.record.type, erpKey: erp.record.key, erpName: erp.record.name, crmId: null }
  const line = failedMessage(context.names, subject, { action: 'create', code: failure.code, reason: failure.reason })
  return {
    item,
    state: 'failed',
    outcome: 'failed',
    problemCode: failure.code,
    message: line.message,
    log: [line],
  }
}
