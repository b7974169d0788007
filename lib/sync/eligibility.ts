import { foldWhiteSpace } from './name-rule.ts'
import type { RecordType } from './records.ts'

/** The options of one run (sync-rules §2.2). */
export interface RunOptions {
  /** *Map unsynced projects to existing CRM projects*. */
  readonly mapUnsynced: boolean
  /** *If no CRM project matches*; has an effect only together with `mapUnsynced`. */
  readonly whenNoMatch: 'leave' | 'create'
  /** *Sync closed projects*. */
  readonly includeClosed: boolean
  /** *Keep going until every batch is synced*. */
  readonly allBatches: boolean
  /** *Sync historical project consultants to CRM*: consultant vendors take part although none of them is mapped yet. */
  readonly historicalConsultants?: boolean
  readonly preview: boolean
}

/** `firstTime`: the mapping table held no row of this record type when the run began (sync-rules §4.1). */
export interface MatchingRun {
  readonly firstTime: boolean
  readonly options: RunOptions
}

/** The switches of an ERP record that is not mapped. */
export interface UnmappedRecord {
  readonly type: RecordType
  readonly syncToCrm: boolean
  readonly createInCrm: boolean
  readonly closed: boolean
}

/**
 * Of a record whose last mapping ended because the CRM no longer has its partner: it waits for a person, or a person
 * wants it created again (docs/decisions/0010). `null`: of every other record.
 */
export type AfterRemoval = 'waits' | 'create-again' | null

/** Why a record was left alone in a run. */
export type SkipReason =
  | 'removed-in-crm'
  | 'not-set-to-sync'
  | 'closed'
  | 'no-match'
  | 'ambiguous'
  | 'no-last-name'
  | 'waits-for-backlog'
  | 'failed-in-this-drain'

/**
 * Whether an unmapped ERP record is compared by name in this run (sync-rules §4.1–4.3, §13.2). Matching alone writes
 * nothing, so closed projects take part.
 */
export function isMatchCandidate(record: UnmappedRecord, run: MatchingRun): boolean {
  return record.type !== 'project' || run.firstTime || record.syncToCrm || run.options.mapUnsynced
}

/**
 * Whether a match of this record turns *Sync to CRM* on (sync-rules §4.3). The first-time rule alone never does
 * (§4.1); with the option on, a first run does, because the person asked for it.
 */
export function turnsSyncOn(record: UnmappedRecord, run: MatchingRun): boolean {
  return record.type === 'project' && run.options.mapUnsynced && !record.syncToCrm
}

/**
 * *Sync to CRM* of a pair: the ERP's flag, or the switch that the pair carries while that flag has not changed
 * (sync-rules §4.3). `null`: a record without a pair has the ERP's flag alone.
 */
export function isPairSyncOn(
  erpFlag: boolean,
  pair: { readonly syncOverride: boolean | null; readonly overriddenFlag: boolean | null } | null,
): boolean {
  return pair !== null && pair.overriddenFlag === erpFlag ? (pair.syncOverride ?? erpFlag) : erpFlag
}

/**
 * Whether a mapped record may be sent (sync-rules §5.1–5.2, §13.15). `syncOn`: the mapping's switch, which follows
 * *Sync to CRM*. Clients, contacts and employees have no switch.
 */
export function sendEligibility(
  record: { readonly type: RecordType; readonly syncOn: boolean; readonly closed: boolean },
  options: RunOptions,
): 'eligible' | SkipReason {
  if (record.type !== 'project') return 'eligible'
  if (!record.syncOn) return 'not-set-to-sync'
  if (record.closed && !options.includeClosed) return 'closed'
  return 'eligible'
}

/**
 * Whether an unmapped record is created in the CRM, and if not, why (sync-rules §4.8, §8 step 8, §13.2, §13.14). An
 * ambiguous record is never created: it would become one more namesake. A project is created because it is marked
 * *Create in CRM*, closed or not, or because the run creates what has no match; the latter respects closed projects.
 * What the CRM has lost is not created again by itself (docs/decisions/0010).
 */
export function createEligibility(
  record: UnmappedRecord & { readonly lastName: string | null; readonly afterRemoval: AfterRemoval },
  match: 'unmatched' | 'ambiguous',
  run: MatchingRun,
): 'create' | SkipReason {
  if (match === 'ambiguous') return 'ambiguous'
  if (record.afterRemoval === 'waits') return 'removed-in-crm'
  if (record.type === 'contact' && foldWhiteSpace(record.lastName ?? '') === '') return 'no-last-name'
  if (record.type !== 'project' || record.createInCrm || record.afterRemoval === 'create-again') return 'create'
  if (!isMatchCandidate(record, run)) return 'not-set-to-sync'
  if (!run.options.mapUnsynced || run.options.whenNoMatch === 'leave') return 'no-match'
  return record.closed && !run.options.includeClosed ? 'closed' : 'create'
}
