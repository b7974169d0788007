import { createHash } from 'node:crypto'
import type { RunContext } from '#lib/engine/context'
import { nameKey, projectNameField } from '#lib/sync/name-rule'
import type { CrmRecord, ErpRecord, RecordType } from '#lib/sync/records'

/**
 * The key a new CRM record shall have, where the caller may choose it (guide/reliability.md K1): the same for every
 * attempt at the same ERP record, so that sending twice cannot make two. `null`: the CRM numbers it (K2).
 * A project's own number is decided by its ERP ID, see {@link projectKey}.
 */
export function callerKey(context: RunContext, type: RecordType, erpKey: string): string | null {
  const crm = context.description.types[type]
  if (type === 'employee') return crm.assignsKey === 'yes' ? null : erpKey
  if (type === 'project' || crm.acceptsKey === 'no') return null
  const identity = `${context.ports.installationId}|${context.run.connectionId}|${type}|${erpKey}`
  return createHash('sha256').update(identity).digest('hex').slice(0, 32).toUpperCase()
}

/** The wanted project number; `null` where there is none or the CRM numbers projects itself (sync-rules §8 step 8). */
export function projectKey(context: RunContext, plannedId: string | null): string | null {
  return context.description.types.project.acceptsKey === 'no' ? null : plannedId
}

/** How far a remote clock may be behind ours when "created since the intent" is asked (invariant 11). */
const CLOCK_TOLERANCE_MILLISECONDS = 10 * 60 * 1000

/**
 * Is this CRM record the one that an earlier attempt created? By the external key where the CRM has one; else by the
 * exact name among records created since the intent (sync-rules §10.1). A key of ours that nobody else can have made
 * (clients and contacts) is proof enough.
 */
export function isOurs(
  context: RunContext,
  erp: ErpRecord,
  found: CrmRecord,
  intent: { readonly key: string | null; readonly at: Date | null },
): boolean {
  const hashed = erp.type === 'client' || erp.type === 'contact'
  if (hashed && intent.key !== null && found.id.toUpperCase() === intent.key.toUpperCase()) return true
  if (context.description.types[erp.type].externalKeyField !== null) return found.externalKey === erp.key
  const createdAt = found.createdAt ? new Date(found.createdAt).getTime() : 0
  const since = (intent.at?.getTime() ?? Number.POSITIVE_INFINITY) - CLOCK_TOLERANCE_MILLISECONDS
  return createdAt >= since && nameKey(matchedName(context, erp.type, erp.name, found)) === nameKey(erp.name)
}

/** The CRM name that the name rule compares with this ERP name (sync-rules §4.4). */
export function matchedName(
  context: RunContext,
  type: RecordType,
  erpName: string,
  crm: { readonly name: string; readonly longName: string | null },
): string {
  const long = type === 'project' && projectNameField(erpName, context.description.shortName.limit) === 'long'
  return long ? (crm.longName ?? '') : crm.name
}
