import { crmContentHash, erpContentHash } from '#lib/engine/content-hash'
import type { RunOptions } from '#lib/sync/eligibility'
import { combineOutcomes, type Outcome } from '#lib/sync/outcome'
import type { FieldChange, OpenConflict, PlanWarning, UpdatePlan } from '#lib/sync/plan'
import type { CrmRecord, ErpRecord, Fields, FieldValue, RecordType, Side } from '#lib/sync/records'
import { findCrm, findErp, type PureWorld, planOf, type WorldPair } from './pure-world.ts'

/** One write that one record of one side got in a run. */
export interface WorldWrite {
  readonly side: Side
  readonly action: 'update' | 'create' | 'turn-on'
  readonly type: RecordType
  readonly erpKey: string
  readonly crmId: string
  readonly changes: readonly FieldChange[]
}

/** Whether a system refuses a write. `key`: of the record, on the side it comes from for one that is to be created. */
export type Refuses = (write: { readonly side: Side; readonly type: RecordType; readonly key: string }) => boolean

/** A run under way: the world it changes and what is told of it. */
export interface WorldRun {
  readonly world: PureWorld
  readonly number: number
  readonly options: RunOptions
  readonly refuses: Refuses
  readonly firstTime: ReadonlyMap<RecordType, boolean>
  readonly ambiguousErp: Set<string>
  readonly ambiguousCrm: Set<string>
  /** By {@link erpRecordKey} or, for what is new in the CRM, {@link crmRecordKey}. */
  readonly outcomes: Map<string, Outcome>
  readonly writes: WorldWrite[]
  /** Conflicts that the log names. */
  readonly opened: OpenConflict[]
  readonly warnings: (PlanWarning & { readonly record: string })[]
  drain: number
  /** Due projects that no batch has dealt with. */
  remaining: number
}

export const erpRecordKey = (type: RecordType, key: string): string => `${type} erp ${key}`
export const crmRecordKey = (type: RecordType, id: string): string => `${type} crm ${id}`

/** sync-rules §7.8: the one outcome of a record, whatever else has become of it before. */
export function settleOutcome(run: WorldRun, record: string, now: Outcome): void {
  const before = run.outcomes.get(record) ?? null
  run.outcomes.set(record, combineOutcomes(before === 'notReached' ? null : before, now))
}

/** A living pair with both sides as they stand. */
export interface Both {
  readonly pair: WorldPair
  readonly erp: ErpRecord
  readonly crm: CrmRecord
}

/** `null`: a side is gone. */
export function bothOf(world: PureWorld, pair: WorldPair): Both | null {
  const [erp, crm] = [findErp(world, pair.type, pair.erpKey), findCrm(world, pair.type, pair.crmId)]
  return erp && crm ? { pair, erp, crm } : null
}

/** Whether the pair is compared again: one side has changed, or it was not done with. */
export function isChanged({ pair, erp, crm }: Both): boolean {
  return pair.settled?.erp !== erpContentHash(erp) || pair.settled.crm !== crmContentHash(crm)
}

/** Stores what both sides agree on, and by which contents the next run knows it. */
export function settlePair({ pair, erp, crm }: Both, base: Fields, isQuiet: boolean): void {
  pair.base = base
  pair.failedInDrain = null
  pair.settled = isQuiet ? { erp: erpContentHash(erp), crm: crmContentHash(crm) } : null
}

export function failPair(run: WorldRun, pair: WorldPair): void {
  pair.failedInDrain = run.drain
  pair.settled = null
}

/** Opens what is new, renews what is known, closes what is no longer there (sync-rules §7.2, *ask*). */
export function storeConflicts(
  run: WorldRun,
  pair: WorldPair,
  plan: Pick<UpdatePlan, 'conflicts' | 'undecided'>,
): void {
  const same = (a: OpenConflict, b: OpenConflict) => a.field === b.field && a.erp === b.erp && a.crm === b.crm
  run.opened.push(...plan.conflicts.filter((one) => !pair.open.some((known) => same(known, one))))
  pair.open = plan.conflicts
  pair.decisions = Object.fromEntries(
    Object.entries(pair.decisions).filter(([field]) => plan.undecided.includes(field)),
  )
}

export function warn(run: WorldRun, pair: Pick<WorldPair, 'type' | 'erpKey'>, warnings: readonly PlanWarning[]): void {
  const record = erpRecordKey(pair.type, pair.erpKey)
  run.warnings.push(...warnings.map((warning) => ({ ...warning, record })))
}

export function planBoth(run: WorldRun, both: Both): UpdatePlan {
  return planOf(run.world, both.pair, both)
}

export function changesOf(plan: UpdatePlan, side: Side): FieldChange[] {
  return plan.changes.filter((change) => (change.side ?? 'crm') === side)
}

export function without(fields: Fields, names: readonly string[]): Fields {
  const rest: Record<string, FieldValue> = { ...fields }
  for (const name of names) delete rest[name]
  return rest
}

export function pick(fields: Fields | null, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([name]) => names.includes(name)))
}
