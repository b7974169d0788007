import { isHeldByBacklog, PROJECTS_PLANNED } from '#lib/engine/backlog'
import type { RunContext } from '#lib/engine/context'
import {
  conflictLines,
  foundConflicts,
  type LoadedPair,
  loadLookups,
  loadPairs,
  type MutableLookups,
  newWarnings,
  planPair,
  settledPair,
} from '#lib/engine/pairs'
import { planApproved } from '#lib/engine/phases/apply'
import { type FoundConflicts, storeConflicts } from '#lib/store/conflicts'
import { database } from '#lib/store/database'
import { findUnpairedErpRecords, type UnpairedErpRecord } from '#lib/store/erp-records'
import { findAmbiguousKeys } from '#lib/store/findings'
import { findOpenIntents } from '#lib/store/intents'
import { type DoneItem, insertDoneItems, type NewItem, replacePlannedItems } from '#lib/store/items'
import { appendLog, type LogLine } from '#lib/store/log'
import { findPairStates, type PairState, type SettledPair, settlePairs } from '#lib/store/mappings'
import { batchOf, remainingRuns } from '#lib/sync/batch'
import { compareDue } from '#lib/sync/due'
import { createEligibility, sendEligibility } from '#lib/sync/eligibility'
import { conflictMessage, warningMessage } from '#lib/sync/messages'
import { emptyCounts, type OutcomeCounts } from '#lib/sync/outcome'
import type { UpdatePlan } from '#lib/sync/plan'
import { problemCodes } from '#lib/sync/problems'
import type { RecordType } from '#lib/sync/records'
import { supervisorWaves } from '#lib/sync/waves'

const COMPARED_TOGETHER = 500

/**
 * Decides for every record of a type what this run does with it, stores the items to send and counts everything else:
 * from here on the counters add up, since what is still to be sent counts as not reached.
 */
export async function planType(context: RunContext, type: RecordType): Promise<void> {
  if (context.run.planId !== null) return planApproved(context, type, context.run.planId)
  const step = type === 'project' ? PROJECTS_PLANNED : `plan:${type}`
  if (!context.selectsAny(type) || context.isDone(step)) return
  const { connectionId, id: runId, batchSize, options } = context.run
  const counts: Record<keyof OutcomeCounts, number> = { ...emptyCounts() }

  const due = await findDue(context, type, counts)
  due.sort((a, b) => compareDue(dueKey(a), dueKey(b)))
  const project = type === 'project'
  const sendNow = project && !options.allBatches ? due.slice(0, batchSize) : due
  const updates = sendNow.map(
    (pair, index): NewItem => ({
      erpKey: pair.erpKey,
      erpName: pair.erpName,
      crmId: pair.crmId,
      action: 'update',
      batch: project ? batchOf(index + 1, batchSize) : 1,
      position: index + 1,
    }),
  )
  const held = sendNow.length < due.length || (project && (await isHeldByBacklog(context)))
  const creates = await findCreates(context, type, { counts, held })
  counts.notReached += due.length + creates.length
  counts.considered = Object.values(counts).reduce((sum, count) => sum + count, 0)

  context.counters[type] = counts
  await context.commit(
    (tx) => replacePlannedItems(tx, { runId, connectionId, type, direction: 'to_crm' }, [...updates, ...creates]),
    {
      ...context.withDone(step),
      counters: context.counters,
      ...(project
        ? {
            batchesPlanned: remainingRuns(due.length, batchSize),
            remainingProjects: due.length,
            remainingRuns: remainingRuns(due.length, batchSize),
          }
        : {}),
    },
  )
}

function dueKey(pair: PairState): { modifiedAt: string | null; erpKey: string } {
  return { modifiedAt: pair.modifiedAt?.toISOString() ?? null, erpKey: pair.erpKey }
}

type Counts = Record<keyof OutcomeCounts, number>

async function findDue(context: RunContext, type: RecordType, counts: Counts): Promise<PairState[]> {
  const { connectionId, id: runId, drainId, options } = context.run
  const states = (await findPairStates(database(), connectionId, type)).filter(({ erpKey }) =>
    context.selects(type, erpKey),
  )
  const quiet = (state: PairState) => (state.createdInRun === runId ? 'mapped' : 'unchanged')
  const compare: PairState[] = []
  for (const state of states) {
    const eligible = sendEligibility({ type, ...state }, options)
    if (eligible !== 'eligible') counts[state.createdInRun === runId ? 'mapped' : 'skipped'] += 1
    else if (type === 'project' && state.failedInDrain === drainId) counts.skipped += 1
    else if (state.differs) compare.push(state)
    else counts[quiet(state)] += 1
  }
  const due: PairState[] = []
  const lookups = await loadLookups(context)
  for (let from = 0; from < compare.length; from += COMPARED_TOGETHER) {
    context.stopIfAsked()
    await context.report(`Comparing ${type} records`, from, compare.length)
    const chunk = compare.slice(from, from + COMPARED_TOGETHER)
    const agreed = await settleAgreed(context, type, chunk, lookups)
    for (const state of chunk) {
      const agreement = agreed.get(state.erpKey)
      if (agreement === undefined) due.push(state)
      else counts[agreement === 'conflict' ? 'conflict' : quiet(state)] += 1
    }
  }
  return due
}

/**
 * Stores the base of pairs that leave nothing to write (sync-rules §13.3); answers their ERP keys. A pair of which only a
 * person can decide (§7.2, *ask*) is one of them: it is no work for a batch, and stands among the records of the run.
 */
async function settleAgreed(
  context: RunContext,
  type: RecordType,
  chunk: readonly PairState[],
  lookups: MutableLookups,
): Promise<Map<string, 'agreed' | 'conflict'>> {
  const { connectionId, id: runId } = context.run
  const pairs = await loadPairs(
    connectionId,
    type,
    chunk.map((state) => state.erpKey),
  )
  const settled: SettledPair[] = []
  const lines: LogLine[] = []
  const conflicts: FoundConflicts[] = []
  const inConflict: DoneItem[] = []
  for (const pair of pairs.values()) {
    if (!pair.crm) continue
    const plan = planPair(context, pair, pair.crm, lookups)
    if (Object.keys(plan.write).length > 0) continue
    const conflict = foundConflicts(pair, plan)
    if (conflict) conflicts.push(conflict)
    if (plan.conflicts.length > 0) inConflict.push(toConflictItem(context, pair, plan))
    lines.push(...conflictLines(context, pair, plan))
    settled.push(settledPair({ pair, plan, crm: pair.crm, externalKeySent: false, written: false }))
    for (const warning of newWarnings(plan.warnings, pair.base.warned)) {
      lines.push(warningMessage(context.names, { ...subject(pair.erp.record), crmId: pair.base.crmId }, warning))
    }
  }
  await context.commit(
    async (tx) => {
      await settlePairs(tx, { connectionId, type }, settled)
      await storeConflicts(tx, { connectionId, type, runId }, conflicts)
      await insertDoneItems(tx, { connectionId, type, runId, direction: 'to_crm' }, inConflict)
      await appendLog(tx, { connectionId, runId }, lines)
    },
    { gotFurther: settled.length > 0 },
  )
  const undecided = new Set(inConflict.map((item) => item.erpKey))
  return new Map(settled.map(({ erpKey }) => [erpKey, undecided.has(erpKey) ? 'conflict' : 'agreed']))
}

function toConflictItem(context: RunContext, pair: LoadedPair, plan: UpdatePlan): DoneItem {
  const { key: erpKey, name: erpName } = pair.erp.record
  const crmId = pair.base.crmId
  const [first] = plan.conflicts
  const message = first ? conflictMessage(context.names, { ...subject(pair.erp.record), crmId }, first).message : null
  const item = { erpKey, erpName, crmId, action: 'update', batch: 1, position: 0 } as const
  return { ...item, outcome: 'conflict', problemCode: problemCodes.conflictOpen, message }
}

function subject(record: { type: RecordType; key: string; name: string }) {
  return { type: record.type, erpKey: record.key, erpName: record.name }
}

/** Unpaired records that this run creates in the CRM; all others are counted as skipped. */
async function findCreates(
  context: RunContext,
  type: RecordType,
  plan: { counts: Counts; held: boolean },
): Promise<NewItem[]> {
  const { connectionId, options } = context.run
  // An earlier run's create whose look-up failed may still have happened: sending it again could make a second copy.
  const unanswered = new Set(
    (await findOpenIntents({ connectionId, type, direction: 'to_crm' })).map((item) => item.erpKey),
  )
  const unpaired = (await findUnpairedErpRecords(database(), connectionId, type)).filter(({ key }) =>
    context.selects(type, key),
  )
  const ambiguous = await findAmbiguousKeys(database(), connectionId, type)
  const rule = { firstTime: context.firstTime(type), options }
  const create: UnpairedErpRecord[] = []
  for (const record of unpaired) {
    const verdict = createEligibility({ type, ...record }, ambiguous.has(record.key) ? 'ambiguous' : 'unmatched', rule)
    // sync-rules §6.2: while a backlog remains, nothing is created for projects.
    if (verdict !== 'create' || plan.held || unanswered.has(record.key)) plan.counts.skipped += 1
    else create.push(record)
  }
  const waves = supervisorWaves(create.map((record) => ({ key: record.key, supervisorKey: record.supervisorKey })))
  return create
    .map((record) => ({ record, wave: waves.get(record.key) ?? 1 }))
    .sort(
      (a, b) =>
        a.wave - b.wave ||
        compareDue({ modifiedAt: null, erpKey: a.record.key }, { modifiedAt: null, erpKey: b.record.key }),
    )
    .map(({ record, wave }, index) => ({
      erpKey: record.key,
      erpName: record.name,
      crmId: null,
      action: 'create' as const,
      batch: wave,
      position: index + 1,
    }))
}
