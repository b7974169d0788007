import type { RunContext } from '#lib/engine/context'
import { boundaryGuard } from '#lib/engine/failures'
import { type LoadedPair, loadLookups, loadPairs, planPair, toErp, withFreshErp } from '#lib/engine/pairs'
import { forEachConcurrently } from '#lib/engine/pool'
import { openSettler, type Settlement } from '#lib/engine/settle'
import { staleness } from '#lib/engine/stale'
import {
  carriedSwitch,
  failedTake,
  leftTake,
  nothingTaken,
  type Take,
  takenSettlement,
  waitingTake,
} from '#lib/engine/take-settlements'
import type { StoredCrmRecord } from '#lib/store/crm-records'
import { findItemOutcomes, findPlannedItems, type Item } from '#lib/store/items'
import { switchCarriedMessage } from '#lib/sync/back-messages'
import { sendEligibility } from '#lib/sync/eligibility'
import type { Outcome } from '#lib/sync/outcome'
import type { FieldChange } from '#lib/sync/plan'
import { problemOfFailure } from '#lib/sync/problems'
import type { RecordType } from '#lib/sync/records'
import type { Lookups } from '#lib/sync/transform'

const LOADED_TOGETHER = 100

/** Writes what was planned of one type to the ERP. An update is idempotent, so a resumed run just goes on. */
export async function sendTakes(context: RunContext, type: RecordType, onSettled: () => Promise<void>): Promise<void> {
  const { connectionId, id: runId } = context.run
  const taking: Taking = {
    lookups: await loadLookups(context),
    guard: boundaryGuard(context),
    written: await findItemOutcomes({ runId, type, direction: 'to_crm' }),
    tellOnce: onceOnly(),
  }
  const settler = openSettler(context, type)
  const of = { runId, type, direction: 'to_erp', action: 'update', batch: 1, limit: LOADED_TOGETHER } as const
  for (;;) {
    context.stopIfAsked()
    const items = await findPlannedItems(of)
    if (items.length === 0) return
    const pairs = await loadPairs(
      connectionId,
      type,
      items.map((item) => item.erpKey),
    )
    try {
      await forEachConcurrently(items, context.ports.settings.erpConcurrency, async (item) => {
        context.stopIfAsked()
        await settler.add(await takeOne(context, item, pairs.get(item.erpKey) ?? null, taking))
        await onSettled()
      })
    } finally {
      await settler.flush()
    }
  }
}

interface Taking {
  readonly lookups: Lookups
  readonly guard: ReturnType<typeof boundaryGuard>
  /** What this run has done to the records on the other side. */
  readonly written: ReadonlyMap<string, Outcome>
  /** True the first time that it is asked. */
  readonly tellOnce: () => boolean
}

function onceOnly(): () => boolean {
  let isTold = false
  return () => {
    const first = !isTold
    isTold = true
    return first
  }
}

async function takeOne(context: RunContext, item: Item, known: LoadedPair | null, taking: Taking): Promise<Settlement> {
  // Unpaired by a person since the plan was made: nothing to do any more.
  if (!known?.crm) return leftTake(item)
  const pair = await readFresh(context, item, known, taking)
  if ('item' in pair) return pair
  if (!mayBeTaken(context, pair)) return waitingTake(item, pair)

  const plan = planPair(context, pair, known.crm, taking.lookups)
  const changes = toErp(plan)
  const stale = staleness(context, item, {
    erpHash: pair.erp.hash,
    crmHash: crmHashOf(item, known.crm, taking),
    changes,
  })
  if (stale) return stale
  const take = { item, pair, crm: known.crm, plan, lookups: taking.lookups }
  if (changes.length === 0) return nothingTaken(context, take, writtenBefore(context, take, known))

  const answer = await taking.guard(() =>
    context.ports.erp.update(item.type, item.erpKey, plan.erpWrite, { signal: context.signal }),
  )
  if (answer.ok) return takenSettlement(context, take, answer.value)
  const { failure } = answer
  const code = problemOfFailure(failure.reason, 'update')
  if (failure.reason === 'forbidden' && isAboutSwitch(context, changes)) {
    if (taking.tellOnce()) await context.log([switchCarriedMessage(context.names, failure.message)])
    return carriedSwitch(context, take, { code, reason: failure.message })
  }
  // Nobody knows whether the ERP has done it: then the item says what it may have written.
  const mayHaveActed = failure.failureClass === 'unknown'
  return failedTake(context, take, { code, reason: failure.message, changes: mayHaveActed ? changes : [] })
}

/** As `writtenBefore` of the updates: in place by a process of this run that died before it could tell. */
function writtenBefore(context: RunContext, { pair, crm, lookups }: Take, known: LoadedPair): FieldChange[] {
  if (context.run.epoch === 1) return []
  const { fields } = pair.erp.record
  return toErp(planPair(context, known, crm, lookups)).filter(
    ({ erpField, to }) => erpField !== undefined && (fields[erpField] ?? null) === to,
  )
}

function isAboutSwitch(context: RunContext, changes: ReturnType<typeof toErp>): boolean {
  const flag = context.ports.fieldMap.project.find((entry) => entry.role === 'sync-flag')
  return flag !== undefined && changes.some((change) => change.field === flag.crm)
}

/**
 * The ERP record as it stands, so that an edit made since the run began is met by the rules and not overwritten
 * (guide/reliability.md, invariant 5).
 */
async function readFresh(
  context: RunContext,
  item: Item,
  known: LoadedPair,
  taking: Taking,
): Promise<LoadedPair | Settlement> {
  const answer = await taking.guard(() => context.ports.erp.read(item.type, [item.erpKey], { signal: context.signal }))
  if (!answer.ok) {
    const { failure } = answer
    const code = problemOfFailure(failure.reason, 'update')
    return failedTake(context, { item, pair: known }, { code, reason: failure.message, changes: [] })
  }
  const [record] = answer.value
  if (record) return withFreshErp(known, record)
  const reason = `${context.names.erp} has no ${item.type} ${item.erpKey}.`
  return failedTake(
    context,
    { item, pair: known },
    { code: problemOfFailure('not-found', 'update'), reason, changes: [] },
  )
}

/** A project that has been closed since the plan was made waits like any other closed one (§13.15). */
function mayBeTaken(context: RunContext, { erp }: LoadedPair): boolean {
  const { type, closed } = erp.record
  return sendEligibility({ type, closed, syncOn: true }, context.run.options) === 'eligible'
}

/** What this run itself has written to the CRM record makes no approved item stale. */
function crmHashOf(item: Item, crm: StoredCrmRecord, { written }: Taking): string | null {
  return written.get(item.erpKey) === 'updated' ? item.crmHash : crm.hash
}
