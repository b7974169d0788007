import {
  type AfterRemoval,
  createEligibility,
  type MatchingRun,
  type RunOptions,
  type SkipReason,
  sendEligibility,
  type UnmappedRecord,
} from './eligibility.ts'
import type { Subject } from './log-entry.ts'
import type { SideNames } from './messages.ts'
import type { Outcome } from './outcome.ts'
import type { FieldChange, UpdatePlan } from './plan.ts'
import { type ProblemCode, problemCodes } from './problems.ts'
import type { RunStatus } from './run-state.ts'

/**
 * Why a record did or did not sync in the last run. The facts are gathered by the store; the answer comes from the very
 * functions that decided it in the run, so that the two cannot drift apart.
 */

/** The run that the question is about: the last one that dealt with this record, or could have. */
export interface WhyRun {
  readonly id: string
  readonly kind: 'sync' | 'apply' | 'retry' | 'undo'
  readonly status: RunStatus
  readonly options: RunOptions
  /** All records of this type were matched by name (sync-rules §4.1). */
  readonly firstTime: boolean
  /** It got as far as deciding about records of this type. */
  readonly decidedType: boolean
  readonly remainingProjects: number
  readonly remainingRuns: number
  readonly message: string | null
}

/** What the run did with the record. */
export interface WhyItem {
  readonly direction: 'to_crm' | 'to_erp'
  /** `null`: sent, and its answer is not known. */
  readonly outcome: Outcome | null
  readonly code: ProblemCode | null
  readonly message: string | null
  readonly changes: readonly FieldChange[]
}

export interface WhyPair {
  readonly crmName: string
  readonly syncOn: boolean
  /** Made by the run the question is about. */
  readonly isOfRun: boolean
  /** Who has made it since that run ended; `null`: it is older. */
  readonly pairedSinceBy: string | null
  /** It failed in an earlier run of the same drain (sync-rules §6.5). */
  readonly failedInDrain: boolean
  /** Labels of pinned fields whose two sides differ. */
  readonly pinnedDifferences: readonly string[]
  /** Labels of open conflicts, and of those that a person has decided. */
  readonly openConflicts: readonly string[]
  readonly decidedConflicts: readonly string[]
}

/** The last pair that a record without one had. */
export interface WhyRemoved {
  readonly crmId: string
  readonly crmName: string
  readonly cause: string
  readonly by: string
  readonly sinceRun: boolean
}

export interface WhyFacts {
  readonly names: SideNames
  readonly subject: Subject
  /** `null`: no sync of the connection has finished yet. */
  readonly run: WhyRun | null
  /** Of that run, at most one per direction. */
  readonly items: readonly WhyItem[]
  /** `null`: the ERP has no such record. */
  readonly erp: (UnmappedRecord & { readonly lastName: string | null; readonly afterRemoval: AfterRemoval }) | null
  /** `null`: the CRM has no such record, or it was never read. */
  readonly crm: { readonly syncFlag: boolean; readonly isGone: boolean } | null
  readonly pair: WhyPair | null
  readonly removed: WhyRemoved | null
  readonly finding: {
    readonly kind: 'no_match' | 'ambiguous' | 'suggested'
    readonly crmIds: readonly string[]
    readonly erpKeys: readonly string[]
  } | null
  /** What the next sync would do with the pair as both sides were last read. */
  readonly plan: UpdatePlan | null
  /** Its creation was sent by an earlier run, without an answer. */
  readonly isUnanswered: boolean
}

/** What the sentence is about; for a screen to colour, for JSON to tell apart. */
export type WhyReason =
  | Outcome
  | 'no-run'
  | 'unanswered'
  | 'paired-since'
  | 'unpaired-since'
  | 'decided'
  | 'run-stopped'
  | 'gone-in-erp'
  | 'gone-in-crm'
  | SkipReason
  | 'waits-for-batch'
  | 'due'
  | 'waits-for-way-back'
  | 'left-out'
  | 'pinned'
  | 'to-be-created'

/**
 * The reason for what became of a record. What people have done since the run outranks the run; what the run did with
 * the record outranks what it would do; the rest is asked in the order in which a run asks it (sync-rules §4–§8).
 */
export function whyReason(facts: WhyFacts): WhyReason {
  const { run, pair, removed } = facts
  if (pair?.pairedSinceBy != null) return 'paired-since'
  if (!pair && removed?.sinceRun) return 'unpaired-since'
  if (!run) return 'no-run'
  const weightiest = weightiestItem(facts.items)
  if (weightiest) {
    // What was a conflict in the run may have been settled since.
    const isSettled = weightiest.outcome === 'conflict' && pair !== null && pair.openConflicts.length === 0
    return isSettled ? whyPaired(facts, run, pair) : (weightiest.outcome ?? 'unanswered')
  }
  if (facts.isUnanswered) return 'unanswered'
  if (!run.decidedType) return 'run-stopped'
  if (pair) return whyPaired(facts, run, pair)
  return facts.erp ? whyUnpaired(facts, run, facts.erp) : whyOnlyInCrm(facts)
}

const WEIGHT = ['notReached', 'skipped', 'unchanged', 'mapped', 'updated', 'created', 'conflict', 'failed'] as const

/** Of a record that was written on both sides, the item a person needs to hear of first; unanswered before all. */
export function weightiestItem(items: readonly WhyItem[]): WhyItem | null {
  const weight = ({ outcome }: WhyItem) => (outcome === null ? WEIGHT.length : WEIGHT.indexOf(outcome))
  return [...items].sort((a, b) => weight(b) - weight(a))[0] ?? null
}

function whyPaired(facts: WhyFacts, run: WhyRun, pair: WhyPair): WhyReason {
  const { erp, plan, subject } = facts
  if (!erp) return 'gone-in-erp'
  const verdict = sendEligibility({ type: subject.type, syncOn: pair.syncOn, closed: erp.closed }, run.options)
  if (verdict !== 'eligible') return verdict
  if (facts.crm?.isGone) return 'gone-in-crm'
  if (pair.openConflicts.length > 0) return 'conflict'
  if (pair.decidedConflicts.length > 0) return 'decided'
  if (subject.type === 'project' && pair.failedInDrain) return 'failed-in-this-drain'
  const isBacklogged = run.remainingProjects > 0
  if (!plan || Object.keys(plan.write).length > 0) {
    return isBacklogged && subject.type === 'project' ? 'waits-for-batch' : 'due'
  }
  if (Object.keys(plan.erpWrite).length > 0) return isBacklogged ? 'waits-for-backlog' : 'waits-for-way-back'
  if (leftOut(plan).length > 0) return 'left-out'
  if (pair.pinnedDifferences.length > 0) return 'pinned'
  return pair.isOfRun ? 'mapped' : 'unchanged'
}

/** What the plan could not resolve; a value that was cut has travelled. */
export function leftOut(plan: UpdatePlan): UpdatePlan['warnings'] {
  return plan.warnings.filter((warning) => warning.code !== problemCodes.valueCut)
}

function whyUnpaired(facts: WhyFacts, run: WhyRun, erp: NonNullable<WhyFacts['erp']>): WhyReason {
  const rule: MatchingRun = { firstTime: run.firstTime, options: run.options }
  const verdict = createEligibility(erp, facts.finding?.kind === 'ambiguous' ? 'ambiguous' : 'unmatched', rule)
  if (verdict !== 'create') return verdict
  return run.remainingProjects > 0 && erp.type === 'project' ? 'waits-for-backlog' : 'to-be-created'
}

function whyOnlyInCrm(facts: WhyFacts): WhyReason {
  if (facts.crm === null || facts.crm.isGone) return 'gone-in-crm'
  return 'to-be-created'
}
