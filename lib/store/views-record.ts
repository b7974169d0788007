import { isPairSyncOn } from '#lib/sync/eligibility'
import type { FieldMapEntry } from '#lib/sync/field-map'
import type { CrmDescription } from '#lib/sync/ports'
import { planKnown, type RecordField, recordFields } from '#lib/sync/record-fields'
import type { CrmRecord, ErpRecord, RecordType } from '#lib/sync/records'
import type { RunStatus } from '#lib/sync/run-state'
import { explainWhy, type Why } from '#lib/sync/why-words'
import { findPairConflicts } from './conflicts.ts'
import { type ConnectionView, conflictPolicyOf } from './connections.ts'
import { findCrmRecords } from './crm-records.ts'
import { database } from './database.ts'
import { findDescribedCrm } from './described-crm.ts'
import { erpTable, findErpRecords } from './erp-records.ts'
import { loadRecordLookups, type ReferenceNames } from './record-lookups.ts'
import { findRecordPairs, type RecordKey, type RecordPair } from './record-pairs.ts'
import type { RunKind } from './runs.ts'
import { type ConflictView, listConflicts } from './views-conflicts.ts'
import { gatherWhyFacts } from './why-facts.ts'

/** One record with both its sides, its pair, and why it did or did not sync. */
export interface RecordView {
  readonly type: RecordType
  /** `null`: the record is not in the ERP. */
  readonly erpKey: string | null
  readonly crmId: string | null
  readonly name: string
  /** `null`: that side has no such record any more, or never had. */
  readonly erp: ErpRecord | null
  readonly crm: CrmRecord | null
  readonly erpReadAt: Date | null
  readonly crmReadAt: Date | null
  readonly crmGoneAt: Date | null
  readonly pair: RecordPair | null
  /** *Sync to CRM* as the next run takes it. */
  readonly syncOn: boolean
  /** Earlier pairs, the latest first. */
  readonly pastPairs: readonly RecordPair[]
  readonly fields: readonly RecordField[]
  /** Not closed, by label. */
  readonly conflicts: readonly ConflictView[]
  readonly why: Why
  /** The run that `why` is about. */
  readonly run: {
    readonly id: string
    readonly kind: RunKind
    readonly status: RunStatus
    readonly finishedAt: Date
  } | null
  /** What the fields may hold and point at; `null` before the first run has asked the CRM. */
  readonly description: CrmDescription | null
  readonly references: ReferenceNames
}

/** What the CRM is taken for until a run has asked it: everything may be written, nothing is listed. */
const NOT_DESCRIBED: CrmDescription = describeUnknown()

/**
 * A record by the key of either side; `null` when nothing is known of it in this connection.
 *
 * @param entries the field map of the type, by which runs work.
 */
export async function findRecordView(
  connection: ConnectionView,
  type: RecordType,
  key: RecordKey,
  entries: readonly FieldMapEntry[],
): Promise<RecordView | null> {
  const pairs = await findRecordPairs(connection.id, type, key)
  const pair = pairs[0]?.removedAt === null ? pairs[0] : null
  const erpKey = pair?.erpKey ?? ('erpKey' in key ? key.erpKey : null)
  const crmId = pair?.crmId ?? ('crmId' in key ? key.crmId : null)
  const sides = await readSides(connection.id, type, { erpKey, crmId })
  if (!sides.erp && !sides.crm && pairs.length === 0) return null
  const described = await findDescribedCrm(connection.id)
  const { lookups, names } = await loadRecordLookups(
    connection.id,
    sides,
    entries,
    described?.description ?? NOT_DESCRIBED,
  )
  const syncOn = sides.erp ? isPairSyncOn(sides.erp.syncToCrm, pair) : false
  const known = { type, ...sides, pair: pair && { base: pair.base, pins: pair.pins, syncOn }, entries, lookups }
  const decisions = pair ? (await findPairConflicts(connection.id, type, [pair.erpKey]))(pair.erpKey).decisions : {}
  const plan = described ? planKnown(known, { policy: conflictPolicyOf(connection.settings), decisions }) : null
  const conflicts = pair ? ((await listConflicts(connection.id, type, [pair.erpKey])).get(pair.erpKey) ?? []) : []
  const pastPairs = pairs.filter((one) => one !== pair)
  const shared = {
    type,
    crmId,
    name: nameOf(sides, pairs[0]),
    pair,
    syncOn,
    pastPairs,
    fields: recordFields(known, plan),
    conflicts,
  }
  const { facts, asked } = await gatherWhyFacts({
    ...shared,
    ...sides,
    connectionId: connection.id,
    names: { erp: connection.erpName, crm: connection.crmName },
    erpKey: erpKey ?? '',
    isGoneInCrm: sides.crmGoneAt !== null,
    plan,
  })
  return {
    ...shared,
    ...sides,
    erpKey,
    why: explainWhy(facts),
    run: asked?.run.finishedAt
      ? { id: asked.run.id, kind: asked.run.kind, status: asked.why.status, finishedAt: asked.run.finishedAt }
      : null,
    description: described?.description ?? null,
    references: names,
  }
}

/** Whether a record is paired, and waits for nobody. */
export function pairStatus({
  pair,
  pastPairs,
  conflicts,
}: Pick<RecordView, 'pair' | 'pastPairs' | 'conflicts'>): 'active' | 'conflict' | 'removed' | 'unpaired' {
  if (pair) return conflicts.some((one) => one.decided === null) ? 'conflict' : 'active'
  return pastPairs.length > 0 ? 'removed' : 'unpaired'
}

type Sides = Pick<RecordView, 'erp' | 'crm' | 'erpReadAt' | 'crmReadAt' | 'crmGoneAt'>

async function readSides(
  connectionId: string,
  type: RecordType,
  { erpKey, crmId }: { readonly erpKey: string | null; readonly crmId: string | null },
): Promise<Sides> {
  const [erp, crm, erpRead, crmRead] = await Promise.all([
    findErpRecords(connectionId, type, erpKey === null ? [] : [erpKey]),
    findCrmRecords(connectionId, type, crmId === null ? [] : [crmId]),
    database().$queryRaw<{ readAt: Date }[]>`
      SELECT read_at AS "readAt" FROM ${erpTable(type)} WHERE connection_id = ${connectionId}::uuid AND key = ${erpKey}`,
    database().crmRecord.findFirst({
      where: { connectionId, type, id: crmId ?? '' },
      select: { readAt: true, goneAt: true },
    }),
  ])
  return {
    erp: erp.get(erpKey ?? '')?.record ?? null,
    crm: crm.get(crmId ?? '')?.record ?? null,
    erpReadAt: erpRead[0]?.readAt ?? null,
    crmReadAt: crmRead?.readAt ?? null,
    crmGoneAt: crmRead?.goneAt ?? null,
  }
}

function nameOf({ erp, crm }: Pick<Sides, 'erp' | 'crm'>, pair: RecordPair | undefined): string {
  return erp?.name ?? pair?.erpName ?? crm?.longName ?? crm?.name ?? ''
}

function describeUnknown(): CrmDescription {
  const type = {
    lengths: {},
    writableFields: null,
    externalKeyField: null,
    acceptsKey: 'unknown',
    assignsKey: 'unknown',
  } as const
  return {
    types: { project: type, client: type, vendor: type, contact: type, employee: type },
    codeTables: {},
    shortName: { field: 'Name', limit: Number.MAX_SAFE_INTEGER },
    longName: { field: 'LongName', limit: Number.MAX_SAFE_INTEGER },
  }
}
