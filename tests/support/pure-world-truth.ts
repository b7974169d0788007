import { canonicalCrmValue, sameValue } from '#lib/sync/canonical'
import type { RunOptions } from '#lib/sync/eligibility'
import type { FieldMapEntry } from '#lib/sync/field-map'
import { projectNameField } from '#lib/sync/name-rule'
import type { FieldValue, RecordType } from '#lib/sync/records'
import { isTakeable } from '#lib/sync/take'
import { transformValue } from '#lib/sync/transform'
import { findCrm, findErp, isSyncOn, lookupsOf, type PureWorld, type WorldPair } from './pure-world.ts'
import type { WorldRun } from './pure-world-sync.ts'

/** A field of a pair as both sides hold it, in CRM form. */
export interface TwoValues {
  readonly pair: WorldPair
  readonly entry: FieldMapEntry
  /** `undefined`: what the ERP holds has no form in the CRM. */
  readonly erp: FieldValue | undefined
  readonly crm: FieldValue
  readonly isSame: boolean
}

/** Every field of every living pair that takes part in a run and that both sides show. */
export function fieldsInPlay(world: PureWorld, options: RunOptions): TwoValues[] {
  const lookups = lookupsOf(world)
  return world.pairs.flatMap((pair) => {
    const { type } = pair
    const [erp, crm] = [findErp(world, type, pair.erpKey), findCrm(world, type, pair.crmId)]
    if (pair.removed !== null || !erp || !crm) return []
    if (type === 'project' && (!isSyncOn(pair, erp) || (erp.closed && !options.includeClosed))) return []
    const { writableFields } = world.rules.description.types[type]
    return world.rules.fieldMap[type].flatMap((entry): TwoValues[] => {
      const [ours, theirs] = [erp.fields[entry.erp], crm.fields[entry.crm]]
      const isSent = entry.owner === 'crm' || writableFields?.includes(entry.crm) !== false
      const isOut = entry.owner === 'create' || entry.role !== undefined || pair.pins.includes(entry.crm)
      if (isOut || !isSent || ours === undefined || theirs === undefined || isOtherName(world, entry, ours)) return []
      const sent = transformValue(entry, type, ours, lookups)
      const [here, there] = [sent.ok ? sent.value : undefined, canonicalCrmValue(entry.transform, theirs)]
      const isSame = here !== undefined && sameValue(entry.transform, here, there)
      return [{ pair, entry, erp: here, crm: there, isSame }]
    })
  })
}

/** The name of a project travels in one of two fields (sync-rules §4.4). */
function isOtherName(world: PureWorld, { transform }: FieldMapEntry, name: FieldValue): boolean {
  if (transform.kind !== 'short-name' && transform.kind !== 'long-name') return false
  return transform.kind !== `${projectNameField(name ?? '', world.rules.description.shortName.limit)}-name`
}

/**
 * Fields on which the two systems have to agree when nothing is left to do, and do not. What may stay different, by its
 * rule: a conflict that waits for a person, a field written only where it is empty, a value that has no form on the
 * other side (§7.5, §7.6), a link that is empty on one side (§13.11), and what the owner leaves empty (§7.7).
 */
export function disagreements(world: PureWorld, options: RunOptions): string[] {
  return fieldsInPlay(world, options)
    .filter((field) => !field.isSame && !mayDiffer(world, field))
    .map(({ pair, entry, erp, crm }) => `${pair.type} ${pair.erpKey} ${entry.crm} (${entry.owner}): ${erp} / ${crm}`)
}

function mayDiffer(world: PureWorld, { pair, entry, erp, crm }: TwoValues): boolean {
  const { owner, transform } = entry
  if (entry.onlyIfEmpty === true || pair.open.some((open) => open.field === entry.crm)) return true
  if (owner !== 'erp' && !isTakeable(entry, world.rules.erpFields[pair.type])) return true
  const isLink = transform.kind === 'reference'
  const base = pair.base?.[entry.crm]
  const isLeftEmpty = isLink || base === undefined || base === null
  if (owner === 'erp') return erp === undefined || (erp === null && isLeftEmpty)
  // An amount of zero that nobody agreed on is none.
  const isCrmEmpty = crm === null || (base === undefined && sameValue(transform, crm, null))
  if (owner === 'crm') return (isCrmEmpty && (isLeftEmpty || erp === undefined)) || !hasErpForm(world, entry, crm)
  return erp === undefined || !hasErpForm(world, entry, crm) || (isLink && (erp === null || crm === null))
}

function hasErpForm(world: PureWorld, { transform }: FieldMapEntry, crm: FieldValue): boolean {
  if (crm === null) return true
  const { codeTables } = world.rules.description
  switch (transform.kind) {
    case 'values':
      return Object.values(transform.values).includes(crm)
    case 'code':
      return codeTables[transform.table]?.some((one) => one.code === crm) ?? false
    case 'listed-name':
      return codeTables[transform.table]?.some((one) => one.description === crm) ?? true
    case 'reference':
      return lookupsOf(world).referenceBack(transform.type, crm) !== null
    case 'date':
      return crm !== '2025-02-30'
    default:
      return true
  }
}

export function entryOf(world: PureWorld, type: RecordType, field: string): FieldMapEntry | undefined {
  return world.rules.fieldMap[type].find((entry) => entry.crm === field)
}

export function pairBefore(world: PureWorld, at: Pick<WorldPair, 'type' | 'erpKey' | 'crmId'>): WorldPair | undefined {
  return world.pairs.find((pair) => pair.type === at.type && pair.erpKey === at.erpKey && pair.crmId === at.crmId)
}

/** What both records of a pair hold. */
export function contentsOf(world: PureWorld, at: Pick<WorldPair, 'type' | 'erpKey' | 'crmId'>) {
  return {
    erp: findErp(world, at.type, at.erpKey)?.fields ?? {},
    crm: findCrm(world, at.type, at.crmId)?.fields ?? {},
  }
}

/** The same world, given in another order. */
export function shuffled(world: PureWorld, seed: number): PureWorld {
  const mix = <T>(list: readonly T[]): T[] =>
    list
      .map((item, index) => ({ item, at: Math.sin(seed + index * 97) }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item)
  return { ...world, erp: mix(world.erp), crm: mix(world.crm), pairs: mix(world.pairs), never: mix(world.never) }
}

/** Everything that a run comes to, in an order of its own. */
export function stateOf(run: WorldRun | undefined) {
  const sorted = <T>(list: readonly T[] = []) => list.map((one) => JSON.stringify(one)).sort()
  const { erp, crm, pairs } = run?.world ?? { erp: [], crm: [], pairs: [] }
  return {
    erp: sorted(
      erp.map(({ modifiedAt: _, ...record }) => ({ ...record, fields: Object.entries(record.fields).sort() })),
    ),
    crm: sorted(
      crm.map(({ modifiedAt: _, ...record }) => ({ ...record, fields: Object.entries(record.fields).sort() })),
    ),
    pairs: sorted(pairs),
    outcomes: sorted([...(run?.outcomes ?? [])]),
    writes: sorted(run?.writes),
    opened: sorted(run?.opened),
  }
}
