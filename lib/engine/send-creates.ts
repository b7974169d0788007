import { completeCreate } from '#lib/engine/complete-create'
import type { RunContext } from '#lib/engine/context'
import { callerKey, findOurs, loadTaken, projectKey, type Taken } from '#lib/engine/create-keys'
import { createdSettlement, failedCreate } from '#lib/engine/create-settlements'
import { boundaryGuard } from '#lib/engine/failures'
import { type LagMeter, openLagMeter } from '#lib/engine/list-lag'
import { loadNamesakes, type Namesakes } from '#lib/engine/namesakes'
import { loadLookups, type MutableLookups } from '#lib/engine/pairs'
import { forEachConcurrently } from '#lib/engine/pool'
import { rehearsedCreate } from '#lib/engine/rehearsed'
import { resolveOpenIntents } from '#lib/engine/resolve'
import { openSettler, type Settlement, type Settler } from '#lib/engine/settle'
import { staleness } from '#lib/engine/stale'
import { storeIntents } from '#lib/engine/store-intents'
import { findErpRecords, type StoredErpRecord } from '#lib/store/erp-records'
import { markSending, unmarkSending } from '#lib/store/intents'
import { findOpenCreates, findPlannedBatches, findPlannedItems, type Item } from '#lib/store/items'
import { failedMessage } from '#lib/sync/messages'
import { type CreatePlan, planCreate } from '#lib/sync/plan-create'
import type { RemoteFailure } from '#lib/sync/ports'
import { problemCodes, problemOfFailure } from '#lib/sync/problems'
import type { CrmRecord, RecordType } from '#lib/sync/records'

/** So many creates are written down as intents together; after a crash each of them has to be looked up. */
const INTENDED_TOGETHER = 20

/** A create whose answer is lost again and again is left to the next run. */
const MOST_SENDS = 3

/** Creates the planned records of one type, each exactly once (sync-rules §10.1). */
export async function sendCreates(
  context: RunContext,
  type: RecordType,
  onSettled: () => Promise<void>,
): Promise<void> {
  const lookups = await loadLookups(context)
  const lag = openLagMeter(context)
  if (!context.isRehearsal) await resolveOpenIntents(context, type, lookups)
  for (let round = 0; round < MOST_SENDS; round += 1) {
    const waves = await findPlannedBatches({ runId: context.run.id, type, direction: 'to_crm' }, 'create')
    if (waves.length === 0) break
    const namesakes = await loadNamesakes(context, type)
    const isTaken = await loadTaken(context, type)
    for (const wave of waves) await sendWave(context, { type, wave, lookups, namesakes, isTaken, lag, onSettled })
    if (!context.isRehearsal) await resolveOpenIntents(context, type, lookups)
  }
  await lag.done()
  await logUnanswered(context, type)
}

/** Of these nobody knows whether they exist: the next run looks them up before anything is sent again. */
async function logUnanswered(context: RunContext, type: RecordType): Promise<void> {
  const open = await findOpenCreates({ runId: context.run.id, type, direction: 'to_crm' })
  if (open.length === 0) return
  const failure = { action: 'create', code: problemCodes.answerLost, reason: null } as const
  await context.log(open.map((item) => failedMessage(context.names, { ...item, crmId: null }, failure)))
}

interface Wave {
  readonly type: RecordType
  readonly wave: number
  readonly lookups: MutableLookups
  readonly namesakes: Namesakes
  readonly isTaken: Taken
  readonly lag: LagMeter
  readonly onSettled: () => Promise<void>
}

interface Prepared {
  readonly item: Item
  readonly erp: StoredErpRecord
  readonly plan: CreatePlan
  readonly id: string | null
}

async function sendWave(context: RunContext, wave: Wave): Promise<void> {
  const settler = openSettler(context, wave.type)
  const guard = boundaryGuard(context)
  for (;;) {
    context.stopIfAsked()
    const of = { runId: context.run.id, type: wave.type, direction: 'to_crm' } as const
    const items = await findPlannedItems({ ...of, action: 'create', batch: wave.wave, limit: INTENDED_TOGETHER })
    if (items.length === 0) return settler.flush()
    const prepared = await storeIntents(context, await prepare(context, items, wave, settler), (one) => one.id, settler)
    const unsent = new Set(prepared.map((one) => one.item.id))
    try {
      await forEachConcurrently(prepared, context.ports.settings.crmConcurrency, async (one) => {
        context.stopIfAsked()
        unsent.delete(one.item.id)
        const settlement = context.isRehearsal
          ? rehearsedCreate(context, one)
          : await createOne(context, one, { guard, lag: wave.lag })
        if (settlement.created) wave.lookups.add(wave.type, one.item.erpKey, settlement.created.crmId)
        await settler.add(settlement)
        await wave.onSettled()
      })
    } finally {
      await settler.flush()
      if (unsent.size > 0) await context.commit((tx) => unmarkSending(tx, [...unsent]), { gotFurther: false })
    }
  }
}

/** Plans the creates; those that cannot be sent at all are settled here. */
async function prepare(context: RunContext, items: readonly Item[], wave: Wave, settler: Settler): Promise<Prepared[]> {
  const erp = await findErpRecords(
    context.run.connectionId,
    wave.type,
    items.map((item) => item.erpKey),
  )
  const prepared: Prepared[] = []
  for (const item of items) {
    const stored = erp.get(item.erpKey)
    if (!stored) {
      await settler.add({ item, state: 'done', outcome: 'skipped', log: [] })
      continue
    }
    const plan = planCreate({
      erp: stored.record,
      entries: context.ports.fieldMap[wave.type],
      lookups: wave.lookups,
      callerKey: callerKey(context, wave.type, item.erpKey, wave.isTaken),
    })
    const id = wave.type === 'project' ? projectKey(context, plan.id) : plan.id
    const stale = staleness(context, item, { erpHash: stored.hash, crmHash: null, changes: plan.changes })
    const namesake = wave.namesakes.find(stored.record.name)
    if (stale) {
      await settler.add(stale)
    } else if (namesake) {
      await settler.add(failedCreate(context, item, stored, namesake))
    } else if (id === null && context.description.types[wave.type].assignsKey === 'no') {
      await settler.add(
        failedCreate(context, item, stored, { code: problemOfFailure('number-required', 'create'), reason: null }),
      )
    } else {
      wave.namesakes.reserve(stored.record.name, item.erpKey)
      prepared.push({ item, erp: stored, plan, id })
    }
  }
  await settler.flush()
  return prepared
}

type Guard = ReturnType<typeof boundaryGuard>

interface Sending {
  readonly guard: Guard
  readonly lag: LagMeter
}

async function createOne(context: RunContext, one: Prepared, sending: Sending): Promise<Settlement> {
  const { guard } = sending
  const answer = await send(context, one, guard)
  if (answer.ok && one.id === null) sending.lag.begin(one.erp.record.type, one.erp.record.key)
  if (answer.ok) return settleCreated(context, one, answer.value, { adopted: false, guard })
  const { failure } = answer
  // The answer is not known: the intent stays, and is looked up before anything is sent again.
  if (failure.failureClass === 'unknown') return { item: one.item, state: 'sending', outcome: null, log: [] }
  if (failure.reason === 'number-not-allowed' && one.id !== null) {
    await context.commit((tx) => markSending(tx, [{ id: one.item.id, intentKey: null }]))
    return createOne(context, { ...one, id: null }, sending)
  }
  if (failure.reason === 'duplicate-key' && one.id !== null) return adoptOrFail(context, one, failure, guard)
  return failedCreate(context, one.item, one.erp, {
    code: problemOfFailure(failure.reason, 'create'),
    reason: failure.message,
  })
}

async function settleCreated(
  context: RunContext,
  one: Prepared,
  record: CrmRecord,
  how: { readonly adopted: boolean; readonly guard: Guard },
): Promise<Settlement> {
  const whole = await completeCreate(context, one.erp.record.type, one.plan, record, how.guard)
  return createdSettlement(context, one, whole, how.adopted)
}

function send(context: RunContext, one: Prepared, guard: Guard) {
  const { type, key } = one.erp.record
  return guard(() =>
    context.ports.crm.create(
      type,
      { id: one.id, externalKey: key, fields: one.plan.fields },
      { signal: context.signal },
    ),
  )
}

/** "Already exists" may be our own record of an attempt that was cut short: verified by our key, it is adopted. */
async function adoptOrFail(
  context: RunContext,
  one: Prepared,
  refusal: RemoteFailure,
  guard: Guard,
): Promise<Settlement> {
  const { type } = one.erp.record
  const answer = await guard(() =>
    context.ports.crm.read(type, one.id === null ? [] : [one.id], { signal: context.signal }),
  )
  if (!answer.ok) return { item: one.item, state: 'sending', outcome: null, log: [] }
  const intent = { key: one.id, at: one.item.intentAt ?? new Date() }
  const [ours] = await findOurs(context, one.erp.record, answer.value, intent)
  if (ours) return settleCreated(context, one, ours, { adopted: true, guard })
  return failedCreate(context, one.item, one.erp, {
    code: problemOfFailure('duplicate-key', 'create'),
    reason: refusal.message,
  })
}
