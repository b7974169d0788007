import { crmContentHash, erpContentHash } from '#lib/engine/content-hash'
import type { RunContext } from '#lib/engine/context'
import { type FoundConflicts, findPairConflicts, type PairConflicts } from '#lib/store/conflicts'
import { findCrmRecords, type StoredCrmRecord } from '#lib/store/crm-records'
import { findErpRecords, type StoredErpRecord } from '#lib/store/erp-records'
import { findPairBases, findPairIds, type PairBase, type SettledPair } from '#lib/store/mappings'
import { isPairSyncOn } from '#lib/sync/eligibility'
import type { FieldMap } from '#lib/sync/field-map'
import type { LogEntry } from '#lib/sync/log-entry'
import { referencedTypes } from '#lib/sync/map-changes'
import { conflictMessage } from '#lib/sync/messages'
import { type FieldChange, type OpenConflict, type PlanWarning, planUpdate, type UpdatePlan } from '#lib/sync/plan'
import type { CrmDescription } from '#lib/sync/ports'
import type { ErpRecord, RecordType } from '#lib/sync/records'
import type { Lookups } from '#lib/sync/transform'

/** A living pair with both sides as last read. `crm` is missing when the CRM record was never read. */
export interface LoadedPair {
  readonly erp: StoredErpRecord
  readonly crm: StoredCrmRecord | null
  readonly base: PairBase
  /** The ERP's flag, or the switch that the pair carries while that flag has not changed (sync-rules §4.3). */
  readonly syncOn: boolean
  readonly conflicts: PairConflicts
}

/** Loads pairs with both sides, by ERP key. Keys without a living pair or an ERP record are absent. */
export async function loadPairs(
  connectionId: string,
  type: RecordType,
  erpKeys: readonly string[],
): Promise<Map<string, LoadedPair>> {
  const [bases, erp] = [
    await findPairBases(connectionId, type, erpKeys),
    await findErpRecords(connectionId, type, erpKeys),
  ]
  const crm = await findCrmRecords(
    connectionId,
    type,
    [...bases.values()].map((base) => base.crmId),
  )
  const conflictsOf = await findPairConflicts(connectionId, type, erpKeys)
  const pairs = new Map<string, LoadedPair>()
  for (const [erpKey, base] of bases) {
    const record = erp.get(erpKey)
    if (!record) continue
    const syncOn = isPairSyncOn(record.record.syncToCrm, base)
    pairs.set(erpKey, { erp: record, crm: crm.get(base.crmId) ?? null, base, syncOn, conflicts: conflictsOf(erpKey) })
  }
  return pairs
}

/** The pair with its ERP record as it was read just now; the totals, which another call answers, are those of before. */
export function withFreshErp(pair: LoadedPair, record: ErpRecord): LoadedPair {
  const { totals, totalsHash } = pair.erp
  const erp = {
    record: totals ? { ...record, fields: { ...record.fields, ...totals } } : record,
    hash: erpContentHash(record) + totalsHash,
    totals,
    totalsHash,
  }
  return { ...pair, erp, syncOn: isPairSyncOn(record.syncToCrm, pair.base) }
}

/** References as they resolve now; {@link MutableLookups.add} makes a record created in this run known to the next. */
export interface MutableLookups extends Lookups {
  add(type: RecordType, erpKey: string, crmId: string): void
}

export function loadLookups(context: RunContext): Promise<MutableLookups> {
  return loadLookupsOf(context.run.connectionId, context.ports.fieldMap, context.description)
}

/** The same outside of a run: what a screen shows of a record is decided by what a run would find. */
export async function loadLookupsOf(
  connectionId: string,
  fieldMap: FieldMap,
  description: CrmDescription,
): Promise<MutableLookups> {
  const ids = new Map<RecordType, Map<string, string>>()
  const keys = new Map<RecordType, Map<string, string>>()
  for (const type of referencedTypes(fieldMap)) {
    const pairs = await findPairIds(connectionId, type)
    ids.set(type, pairs)
    keys.set(type, new Map([...pairs].map(([key, id]) => [id.toUpperCase(), key])))
  }
  return {
    description,
    reference: (type, erpKey) => ids.get(type)?.get(erpKey) ?? null,
    referenceBack: (type, crmId) => keys.get(type)?.get(crmId.toUpperCase()) ?? null,
    add(type, erpKey, crmId) {
      ids.get(type)?.set(erpKey, crmId)
      keys.get(type)?.set(crmId.toUpperCase(), erpKey)
    },
  }
}

export function planPair(context: RunContext, pair: LoadedPair, crm: StoredCrmRecord, lookups: Lookups): UpdatePlan {
  const { erp } = pair
  return planUpdate({
    erp: erp.record,
    crm: crm.record,
    base: pair.base.base,
    pins: pair.base.pins,
    entries: context.ports.fieldMap[erp.record.type],
    lookups,
    policy: context.ports.settings.conflictPolicy,
    decisions: pair.conflicts.decisions,
    syncOn: pair.syncOn,
    erpFields: context.ports.erp.fields(erp.record.type),
  })
}

/** What a plan writes to the ERP. */
export function toErp(plan: Pick<UpdatePlan, 'changes'>): FieldChange[] {
  return plan.changes.filter((change) => change.side === 'erp')
}

/** What to store for a pair that now agrees. `crm`: the record as it stands after the write, if there was one. */
export function settledPair(input: {
  pair: LoadedPair
  plan: Pick<UpdatePlan, 'base' | 'settled' | 'warnings'>
  crm: StoredCrmRecord
  externalKeySent: boolean
  written: boolean
}): SettledPair {
  return {
    erpKey: input.pair.erp.record.key,
    erpName: input.pair.erp.record.name,
    base: input.plan.base,
    erpHash: input.plan.settled ? input.pair.erp.hash : null,
    crmHash: input.plan.settled ? input.crm.hash : null,
    crmName: input.crm.record.longName ?? input.crm.record.name,
    externalKeySent: input.externalKeySent,
    written: input.written,
    warned: rememberWarnings(input.plan.warnings),
  }
}

/** What a plan says about the pair's conflicts, where there is or was anything to say. */
export function foundConflicts(pair: LoadedPair, plan: UpdatePlan): FoundConflicts | undefined {
  const known = pair.conflicts.open.length + Object.keys(pair.conflicts.decisions).length
  if (known === 0 && plan.conflicts.length === 0) return undefined
  return { erpKey: pair.erp.record.key, conflicts: plan.conflicts, undecided: plan.undecided }
}

/** Lines of the conflicts that are new, or about other values than before. */
export function conflictLines(context: RunContext, pair: LoadedPair, plan: UpdatePlan): LogEntry[] {
  const same = (a: OpenConflict, b: OpenConflict) => a.field === b.field && a.erp === b.erp && a.crm === b.crm
  const { type, key, name } = pair.erp.record
  const subject = { type, erpKey: key, erpName: name, crmId: pair.base.crmId }
  return plan.conflicts
    .filter((one) => !pair.conflicts.open.some((known) => same(known, one)))
    .map((one) => conflictMessage(context.names, subject, one))
}

/** sync-rules §13.13: a warning is logged once per record and value. */
export function newWarnings(warnings: readonly PlanWarning[], warned: Readonly<Record<string, string>>): PlanWarning[] {
  return warnings.filter((warning) => warned[warning.field] !== `${warning.code}:${warning.value}`)
}

export function rememberWarnings(warnings: readonly PlanWarning[]): Record<string, string> {
  return Object.fromEntries(warnings.map((warning) => [warning.field, `${warning.code}:${warning.value}`]))
}

export function storedCrm(record: StoredCrmRecord['record']): StoredCrmRecord {
  return { record, hash: crmContentHash(record) }
}
