import { createHash } from 'node:crypto'
import type { RunContext } from '#lib/engine/context'
import { database } from '#lib/store/database'
import { findNeverMatches } from '#lib/store/findings'
import { findPairIds } from '#lib/store/mappings'
import { nameKey, projectNameField } from '#lib/sync/name-rule'
import type { CrmRecord, ErpRecord, RecordType } from '#lib/sync/records'

/**
 * The key a new CRM record shall have, where the caller may choose it (guide/reliability.md K1): the same for every
 * attempt at the same ERP record, so that sending twice cannot make two. `null`: the CRM numbers it (K2).
 * A project's own number is decided by its ERP ID, see {@link projectKey}.
 *
 * @param isTaken of a record that exists but must not become this record's partner: then the next key is used.
 */
export function callerKey(context: RunContext, type: RecordType, erpKey: string, isTaken: Taken): string | null {
  const crm = context.description.types[type]
  if (type === 'employee') return crm.assignsKey === 'yes' ? null : erpKey
  if (type === 'project' || crm.acceptsKey === 'no') return null
  const identity = `${context.ports.installationId}|${context.run.connectionId}|${type}|${erpKey}`
  let key = hashedKey(identity)
  while (isTaken(erpKey, key)) key = hashedKey(key)
  return key
}

function hashedKey(identity: string): string {
  return createHash('sha256').update(identity).digest('hex').slice(0, 32).toUpperCase()
}

/** The wanted project number; `null` where there is none or the CRM numbers projects itself (sync-rules §8 step 8). */
export function projectKey(context: RunContext, plannedId: string | null): string | null {
  return context.description.types.project.acceptsKey === 'no' ? null : plannedId
}

/** How far a remote clock may be behind ours when "created since the intent" is asked (invariant 11). */
const CLOCK_TOLERANCE_MILLISECONDS = 10 * 60 * 1000

/** Whether a CRM record is no possible partner: a person has ruled the two out (§4.10), or it is another's (§4.7). */
export type Taken = (erpKey: string, crmId: string) => boolean

export async function loadTaken(context: RunContext, type: RecordType): Promise<Taken> {
  const { connectionId } = context.run
  const never = await findNeverMatches(database(), connectionId, type)
  const ruledOut = new Set(never.map((pair) => `${pair.erpKey} ${pair.crmId.toUpperCase()}`))
  const owners = new Map([...(await findPairIds(connectionId, type))].map(([key, id]) => [id.toUpperCase(), key]))
  return (erpKey, crmId) => {
    const id = crmId.toUpperCase()
    return ruledOut.has(`${erpKey} ${id}`) || (owners.get(id) ?? erpKey) !== erpKey
  }
}

/** Of the records that a look-up found, those that an earlier attempt created and that are still free for it. */
export async function findOurs(
  context: RunContext,
  erp: ErpRecord,
  found: readonly CrmRecord[],
  intent: { readonly key: string | null; readonly at: Date | null },
): Promise<CrmRecord[]> {
  const ours = found.filter((record) => isOurs(context, erp, record, intent))
  if (ours.length === 0) return []
  const isTaken = await loadTaken(context, erp.type)
  return ours.filter((record) => !isTaken(erp.key, record.id))
}

/**
 * Is this CRM record the one that an earlier attempt created? By the external key where the CRM has one; else by the
 * exact name among records created since the intent (sync-rules §10.1). A key of ours that nobody else can have made
 * (clients, vendors and contacts) is proof enough.
 */
function isOurs(
  context: RunContext,
  erp: ErpRecord,
  found: CrmRecord,
  intent: { readonly key: string | null; readonly at: Date | null },
): boolean {
  const hashed = erp.type !== 'project' && erp.type !== 'employee'
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
