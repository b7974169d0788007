import type { FieldMap } from '#lib/sync/field-map'
import type { ConflictPolicy } from '#lib/sync/merge'
import { type Decision, type OpenConflict, planUpdate, type UpdatePlan } from '#lib/sync/plan'
import type { CrmDescription, ErpField, ErpTemplate } from '#lib/sync/ports'
import type { CrmRecord, ErpRecord, Fields, FieldValue, RecordType } from '#lib/sync/records'
import type { Lookups } from '#lib/sync/transform'

/**
 * Two whole systems and what the sync remembers of them, in memory. Every decision about them is made by the rules of
 * `lib/sync`; the model around it (pure-world-run.ts) only carries out what they answer, in the order of a run.
 */
export interface PureWorld {
  readonly rules: WorldRules
  erp: ErpRecord[]
  crm: CrmRecord[]
  /** Living and removed ones. */
  pairs: WorldPair[]
  readonly never: readonly { readonly type: RecordType; readonly erpKey: string; readonly crmId: string }[]
  /** Both systems' clock, in seconds: moves with every run and every edit of a person. */
  tick: number
  runs: number
  /** What the run before left behind. */
  last: { readonly remaining: number; readonly drain: number } | null
}

export interface WorldRules {
  readonly fieldMap: FieldMap
  readonly description: CrmDescription
  readonly policy: ConflictPolicy
  readonly batchSize: number
  /** What the ERP says of its fields; empty: all of them take a value. */
  readonly erpFields: Readonly<Record<RecordType, readonly ErpField[]>>
  readonly templates: readonly ErpTemplate[]
  readonly defaultTemplate: string | null
  /** CRM fields, as `type field`, that this CRM shows to nobody. */
  readonly hidden: readonly string[]
}

export interface WorldPair {
  readonly type: RecordType
  readonly erpKey: string
  readonly crmId: string
  base: Fields | null
  pins: readonly string[]
  syncOverride: boolean | null
  overriddenFlag: boolean | null
  addedInRun: number
  /** The run that added it created one of its sides. */
  isCreated: boolean
  failedInDrain: number | null
  /** Contents of both sides when there was nothing left to do for them. */
  settled: { readonly erp: string; readonly crm: string } | null
  open: readonly OpenConflict[]
  decisions: Readonly<Record<string, Decision>>
  removed: 'undone' | 'by-hand' | 'gone' | null
}

export function freshPair(at: Pick<WorldPair, 'type' | 'erpKey' | 'crmId'>, addedInRun: number): WorldPair {
  return {
    ...at,
    base: null,
    pins: [],
    syncOverride: null,
    overriddenFlag: null,
    addedInRun,
    isCreated: false,
    failedInDrain: null,
    settled: null,
    open: [],
    decisions: {},
    removed: null,
  }
}

/** To be changed without the other. Records are never changed in place, pairs are. */
export function copyOf(world: PureWorld): PureWorld {
  return { ...world, erp: [...world.erp], crm: [...world.crm], pairs: world.pairs.map((pair) => ({ ...pair })) }
}

export function livingPairs(world: PureWorld, type: RecordType): WorldPair[] {
  return world.pairs.filter((pair) => pair.type === type && pair.removed === null)
}

export function findErp(world: PureWorld, type: RecordType, key: string): ErpRecord | undefined {
  return world.erp.find((record) => record.type === type && record.key === key)
}

export function findCrm(world: PureWorld, type: RecordType, id: string): CrmRecord | undefined {
  return world.crm.find((record) => record.type === type && record.id === id)
}

/** References as the living pairs resolve them now. */
export function lookupsOf(world: PureWorld): Lookups {
  const living = world.pairs.filter((pair) => pair.removed === null)
  const ids = new Map(living.map((pair) => [`${pair.type} ${pair.erpKey}`, pair.crmId]))
  const keys = new Map(living.map((pair) => [`${pair.type} ${pair.crmId}`, pair.erpKey]))
  return {
    description: world.rules.description,
    reference: (type, key) => ids.get(`${type} ${key}`) ?? null,
    referenceBack: (type, id) => keys.get(`${type} ${id}`) ?? null,
  }
}

export function isSyncOn(pair: WorldPair, erp: ErpRecord): boolean {
  return pair.overriddenFlag === erp.syncToCrm ? (pair.syncOverride ?? erp.syncToCrm) : erp.syncToCrm
}

/** What the rules decide about a pair as both sides stand. */
export function planOf(world: PureWorld, pair: WorldPair, sides: { erp: ErpRecord; crm: CrmRecord }): UpdatePlan {
  return planUpdate({
    ...sides,
    base: pair.base,
    pins: pair.pins,
    entries: world.rules.fieldMap[pair.type],
    lookups: lookupsOf(world),
    policy: world.rules.policy,
    decisions: pair.decisions,
    syncOn: isSyncOn(pair, sides.erp),
    erpFields: world.rules.erpFields[pair.type],
  })
}

/** Somebody, the sync or a person, writes these fields of an ERP record. */
export function writeErp(world: PureWorld, record: ErpRecord, write: Fields): ErpRecord {
  const { SyncToCRM, ...fields } = write
  const flags = SyncToCRM === undefined ? {} : { syncToCrm: SyncToCRM === 'Y' }
  const after = erpRecordOf({
    ...record,
    ...flags,
    fields: { ...record.fields, ...fields },
    modifiedAt: stampOf(world.tick),
  })
  world.erp = world.erp.map((one) => (one.type === record.type && one.key === record.key ? after : one))
  return after
}

/** Somebody writes these fields of a CRM record. The CRM keeps them in its own spelling. */
export function writeCrm(world: PureWorld, record: CrmRecord, write: Fields, externalKey = record.externalKey): void {
  const fields = { ...record.fields, ...spelled(world.rules, record.type, write) }
  const after = crmRecordOf({ ...record, externalKey, fields, modifiedAt: stampOf(world.tick) })
  world.crm = world.crm.map((one) => (one.type === record.type && one.id === record.id ? after : one))
}

export function stampOf(tick: number): string {
  return new Date(Date.UTC(2026, 0, 1) + tick * 1000).toISOString()
}

/** The record with what its fields say about it. */
export function erpRecordOf(record: ErpRecord): ErpRecord {
  const { fields, type } = record
  const closed = type === 'project' && fields.Status === 'Closed'
  return { ...record, name: nameOf(type, fields, type === 'vendor' ? 'Name' : 'Description'), closed }
}

export function crmRecordOf(record: CrmRecord): CrmRecord {
  const { fields, type } = record
  const longName = type === 'project' ? (fields.LongName ?? null) : null
  const syncFlag = type === 'project' ? fields.AjeraSync === 'Y' : record.syncFlag
  return { ...record, name: nameOf(type, fields, 'Name'), longName, syncFlag }
}

function nameOf(type: RecordType, fields: Fields, field: string): string {
  if (type !== 'contact' && type !== 'employee') return fields[field] ?? ''
  return [fields.FirstName, fields.MiddleName, fields.LastName].filter((part) => (part ?? '') !== '').join(' ')
}

/** As the CRM spells what was written: amounts padded, lines ended its own way; what it hides stays hidden. */
export function spelled(rules: WorldRules, type: RecordType, write: Fields): Fields {
  const kinds = new Map(rules.fieldMap[type].map((entry) => [entry.crm, entry.transform.kind]))
  const shown = Object.entries(write).filter(([field]) => !rules.hidden.includes(`${type} ${field}`))
  return Object.fromEntries(shown.map(([field, value]) => [field, spell(kinds.get(field), value)]))
}

function spell(kind: string | undefined, value: FieldValue): FieldValue {
  if (kind === 'decimal') return value === null ? '0.0000' : value.includes('.') ? `${value}00` : `${value}.00`
  return kind === 'memo' && value !== null ? `${value.replaceAll('\n', '\r\n')}\r\n` : value
}
