import { erpContentHash } from '#lib/engine/content-hash'
import type { RunContext } from '#lib/engine/context'
import {
  conflictLines,
  foundConflicts,
  type LoadedPair,
  newWarnings,
  planPair,
  rememberWarnings,
  toErp,
  withFreshErp,
} from '#lib/engine/pairs'
import type { Settlement } from '#lib/engine/settle'
import type { FoundConflicts } from '#lib/store/conflicts'
import type { StoredCrmRecord } from '#lib/store/crm-records'
import type { HashedErpRecord } from '#lib/store/erp-records'
import type { Item } from '#lib/store/items'
import { agreedTaken } from '#lib/sync/agreed-base'
import { takeFailedMessage, takenMessage } from '#lib/sync/back-messages'
import { warningMessage } from '#lib/sync/messages'
import type { FieldChange, PlanWarning, UpdatePlan } from '#lib/sync/plan'
import { type ProblemCode, problemCodes } from '#lib/sync/problems'
import type { ErpRecord, Fields, FieldValue } from '#lib/sync/records'
import type { Lookups } from '#lib/sync/transform'

/** One pair whose ERP side is written, with both sides as they stood just before. */
export interface Take {
  readonly item: Item
  readonly pair: LoadedPair
  readonly crm: StoredCrmRecord
  readonly plan: UpdatePlan
  readonly lookups: Lookups
}

/** The pair is gone, or nothing is known of its CRM side any more. */
export function leftTake(item: Item): Settlement {
  return { item, state: 'done', outcome: 'skipped', changes: [], log: [] }
}

/** The project was closed meanwhile; what was read of it is kept. */
export function waitingTake(item: Item, pair: LoadedPair): Settlement {
  return { ...leftTake(item), erp: hashed(pair) }
}

/**
 * The ERP changed meanwhile, and there is nothing to take any more. `changes`: what a process of this run that died had
 * written already.
 */
export function nothingTaken(context: RunContext, take: Take, changes: readonly FieldChange[]): Settlement {
  const { item, pair, plan } = take
  const { next, settled, conflicts } = agreement(context, take, pair, plan.base)
  return {
    item,
    state: 'done',
    outcome: next.conflicts.length > 0 ? 'conflict' : changes.length > 0 ? 'updated' : 'unchanged',
    changes,
    erp: hashed(pair),
    settled,
    ...conflicts,
    log: [
      ...warningLines(context, take, plan.warnings),
      ...conflictLines(context, pair, next),
      ...(changes.length > 0 ? [takenMessage(context.names, subjectOf(take), changes)] : []),
    ],
  }
}

/** What to store when the ERP has answered the record as it stands after the write (sync-rules §7.1, §10.3). */
export function takenSettlement(context: RunContext, take: Take, answer: ErpRecord): Settlement {
  const { item, plan } = take
  const after = withFreshErp(take.pair, answer)
  const entries = context.ports.fieldMap[item.type]
  const { kept, lost } = agreedTaken(plan.taken, after.erp.record, entries, take.lookups)
  const changes = toErp(plan)
  // The ERP's own flag is written now: nothing has to stand in for it.
  const flag = entries.find((entry) => entry.role === 'sync-flag')
  const switched = flag !== undefined && changes.some((change) => change.field === flag.crm)
  const base = { ...without(plan.base, lost), ...kept }
  const pair = switched ? { ...after, syncOn: answer.syncToCrm, base: { ...after.base, syncOverride: null } } : after
  const lostWarnings = plan.changes.flatMap((change) => notKept(change, lost, plan.taken))
  const { next, settled, conflicts } = agreement(context, take, pair, base, { lost, lostWarnings })
  return {
    item,
    state: 'done',
    outcome: next.conflicts.length > 0 ? 'conflict' : 'updated',
    changes,
    erp: { record: answer, contentHash: erpContentHash(answer) },
    ...(switched ? { carries: null } : {}),
    settled,
    ...conflicts,
    log: [
      ...warningLines(context, take, [...plan.warnings, ...lostWarnings]),
      ...conflictLines(context, pair, next),
      takenMessage(context.names, subjectOf(take), changes),
    ],
  }
}

/**
 * The ERP lets nobody write the switch: the pair carries it (sync-rules §4.3). Other fields of the same write were
 * refused with it, which is a failure of the record.
 */
export function carriedSwitch(
  context: RunContext,
  take: Take,
  failure: { readonly code: ProblemCode; readonly reason: string },
): Settlement {
  const { item, pair, plan } = take
  const flag = context.ports.fieldMap.project.find((entry) => entry.role === 'sync-flag')
  const value = flag ? plan.taken[flag.crm] : undefined
  const rest = toErp(plan).filter((change) => change.field !== flag?.crm)
  const carries = { on: value === 'Y', erpFlag: pair.erp.record.syncToCrm }
  const base = flag ? { ...plan.base, [flag.crm]: value ?? null } : plan.base
  const { settled, conflicts } = agreement(context, take, { ...pair, syncOn: carries.on }, base)
  const stored = { settled, ...conflicts, carries, erp: hashed(pair) }
  if (rest.length > 0) return { ...failedTake(context, take, { ...failure, changes: [] }), ...stored }
  return { item, state: 'done', outcome: 'unchanged', changes: [], ...stored, log: [] }
}

/** `changes`: what the ERP may have been made to hold all the same; nothing, where it certainly was not. */
export function failedTake(
  context: RunContext,
  { item, pair }: Pick<Take, 'item' | 'pair'>,
  failure: { readonly code: ProblemCode; readonly reason: string; readonly changes: readonly FieldChange[] },
): Settlement {
  const line = takeFailedMessage(context.names, subjectOf({ item, pair }), failure)
  return {
    item,
    state: 'failed',
    outcome: 'failed',
    changes: failure.changes,
    problemCode: failure.code,
    message: line.message,
    failedPair: failure.code,
    log: [line],
  }
}

/** Fields that the ERP does not keep as they were sent; trying again would change nothing. */
interface Lost {
  readonly lost: readonly string[]
  readonly lostWarnings: readonly PlanWarning[]
}

interface Agreement {
  /** What there is to do for the pair from now on. */
  readonly next: UpdatePlan
  readonly settled: NonNullable<Settlement['settled']>
  readonly conflicts: Pick<Settlement, 'conflicts'>
}

/**
 * What the pair remembers: the base, and, where nothing is left to do for either side, the contents by which the next
 * run knows that (no echo: guide/reliability.md, invariant 6).
 */
function agreement(
  context: RunContext,
  take: Take,
  pair: LoadedPair,
  base: Fields,
  { lost, lostWarnings }: Lost = { lost: [], lostWarnings: [] },
): Agreement {
  const { item, crm } = take
  const before = { ...pair.base, base: withoutUnsent(take, base), pins: [...pair.base.pins, ...lost] }
  const next = planPair(context, { ...pair, base: before }, crm, take.lookups)
  const isQuiet = next.settled && Object.keys({ ...next.write, ...next.erpWrite }).length === 0
  const found = foundConflicts(pair, next)
  return {
    next,
    settled: {
      erpKey: item.erpKey,
      erpName: pair.erp.record.name,
      base: withoutUnsent({ ...take, plan: next }, next.base),
      erpHash: isQuiet ? pair.erp.hash : null,
      crmHash: isQuiet ? crm.hash : null,
      crmName: crm.record.longName ?? crm.record.name,
      externalKeySent: false,
      written: toErp(take.plan).length > 0,
      warned: rememberWarnings([...next.warnings, ...lostWarnings]),
      stillFailed: item.priorOutcome === 'failed',
    },
    conflicts: found ? { conflicts: keepUnsent(found, next) } : {},
  }
}

/** A decision that still has to reach the CRM is not done with. */
function keepUnsent(found: FoundConflicts, next: UpdatePlan): FoundConflicts {
  const unsent = next.changes.filter((change) => change.reason === 'decided' && change.side === 'crm')
  return { ...found, undecided: [...new Set([...found.undecided, ...unsent.map((change) => change.field)])] }
}

/** A planned base without what has yet to be written to the CRM: of these the pair keeps the base it had. */
function withoutUnsent({ plan, pair }: Pick<Take, 'plan' | 'pair'>, base: Fields): Fields {
  const unsent = Object.keys(plan.write)
  const before = unsent.flatMap((field) => {
    const value = pair.base.base?.[field]
    return value === undefined ? [] : [[field, value] as const]
  })
  return { ...without(base, unsent), ...Object.fromEntries(before) }
}

function without(base: Fields, fields: readonly string[]): Fields {
  const rest: Record<string, FieldValue> = { ...base }
  for (const field of fields) delete rest[field]
  return rest
}

function notKept(change: FieldChange, lost: readonly string[], taken: Fields): PlanWarning[] {
  if (change.side !== 'erp' || !lost.includes(change.field)) return []
  const { field, label } = change
  return [{ code: problemCodes.notKept, field, label, value: taken[field] ?? '', source: 'crm' }]
}

function warningLines(context: RunContext, take: Take, warnings: readonly PlanWarning[]) {
  return newWarnings(warnings, take.pair.base.warned).map((warning) =>
    warningMessage(context.names, subjectOf(take), warning),
  )
}

function subjectOf({ item, pair }: Pick<Take, 'item' | 'pair'>) {
  return { type: item.type, erpKey: item.erpKey, erpName: pair.erp.record.name, crmId: pair.base.crmId }
}

/** The ERP record as it was read just now, to be stored; the totals are kept apart. */
function hashed({ erp }: LoadedPair): HashedErpRecord {
  const { totals } = erp
  const fields = totals ? without(erp.record.fields, Object.keys(totals)) : erp.record.fields
  const record = { ...erp.record, fields }
  return { record, contentHash: erpContentHash(record) }
}
