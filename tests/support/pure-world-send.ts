import { agreedBase } from '#lib/sync/agreed-base'
import { compareDue } from '#lib/sync/due'
import { createEligibility, sendEligibility } from '#lib/sync/eligibility'
import { nameKey, projectNameField } from '#lib/sync/name-rule'
import { planCreate } from '#lib/sync/plan-create'
import type { ErpRecord, RecordType } from '#lib/sync/records'
import { isTakeable } from '#lib/sync/take'
import { supervisorWaves } from '#lib/sync/waves'
import {
  crmRecordOf,
  findCrm,
  freshPair,
  isSyncOn,
  livingPairs,
  lookupsOf,
  spelled,
  stampOf,
  type WorldPair,
  writeCrm,
} from './pure-world.ts'
import {
  type Both,
  bothOf,
  changesOf,
  erpRecordKey,
  failPair,
  isChanged,
  planBoth,
  settleOutcome,
  settlePair,
  storeConflicts,
  type WorldRun,
  warn,
} from './pure-world-sync.ts'

/** Employees, clients, consultants or contacts: created, then updated, whole (sync-rules §8 step 6). */
export function sendPeople(run: WorldRun, type: RecordType): void {
  const due = findDue(run, type)
  const creates = findCreates(run, type, false)
  for (const record of creates) create(run, record)
  for (const both of due) update(run, both)
}

/** One batch of projects or all, then those to create, unless a backlog holds them back (sync-rules §6, §8 steps 7–8). */
export function sendProjects(run: WorldRun): void {
  const { batchSize } = run.world.rules
  const due = findDue(run, 'project')
  const batch = run.options.allBatches ? due : due.slice(0, batchSize)
  run.remaining = due.length - batch.length
  const creates = findCreates(run, 'project', run.remaining > 0)
  for (const both of batch) update(run, both)
  const names = takenNames(run)
  for (const record of creates) {
    const name = `${projectNameField(record.name, shortLimit(run))} ${nameKey(record.name)}`
    if (names.has(name)) settleOutcome(run, erpRecordKey('project', record.key), 'failed')
    else {
      names.add(name)
      create(run, record)
    }
  }
}

/** Pairs with something to send, in the order of sending (sync-rules §5); every other one is settled here. */
function findDue(run: WorldRun, type: RecordType): Both[] {
  const due: Both[] = []
  for (const pair of livingPairs(run.world, type)) {
    const both = bothOf(run.world, pair)
    if (!both) continue
    const record = erpRecordKey(type, pair.erpKey)
    const quiet = pair.addedInRun === run.number ? 'mapped' : 'unchanged'
    const { closed } = both.erp
    const eligible = sendEligibility({ type, syncOn: isSyncOn(pair, both.erp), closed }, run.options)
    if (eligible !== 'eligible') settleOutcome(run, record, quiet === 'mapped' ? 'mapped' : 'skipped')
    else if (type === 'project' && pair.failedInDrain === run.drain) settleOutcome(run, record, 'skipped')
    else if (!isChanged(both)) settleOutcome(run, record, quiet)
    else if (!settleAgreed(run, both)) {
      due.push(both)
      run.outcomes.set(record, 'notReached')
    } else settleOutcome(run, record, pair.open.length > 0 ? 'conflict' : quiet)
  }
  return due.sort((a, b) => compareDue(dueKey(a.erp), dueKey(b.erp)))
}

function dueKey({ modifiedAt, key }: ErpRecord) {
  return { modifiedAt, erpKey: key }
}

/** Stores the base of a pair that leaves nothing to write (sync-rules §13.3). */
function settleAgreed(run: WorldRun, both: Both): boolean {
  const plan = planBoth(run, both)
  if (Object.keys(plan.write).length > 0) return false
  storeConflicts(run, both.pair, plan)
  warn(run, both.pair, plan.warnings)
  settlePair(both, plan.base, plan.settled)
  return true
}

function update(run: WorldRun, { pair }: Both): void {
  const both = bothOf(run.world, pair)
  if (!both) return
  const { type, erpKey, crmId } = pair
  const record = erpRecordKey(type, erpKey)
  const plan = planBoth(run, both)
  if (Object.keys(plan.write).length === 0) {
    settleAgreed(run, both)
    settleOutcome(run, record, plan.conflicts.length > 0 ? 'conflict' : 'unchanged')
    return
  }
  if (run.refuses({ side: 'crm', type, key: crmId })) {
    failPair(run, pair)
    settleOutcome(run, record, 'failed')
    return
  }
  writeCrm(run.world, both.crm, plan.write, erpKey)
  run.writes.push({ side: 'crm', action: 'update', type, erpKey, crmId, changes: changesOf(plan, 'crm') })
  storeConflicts(run, pair, plan)
  warn(run, pair, plan.warnings)
  settlePair(bothOf(run.world, pair) ?? both, plan.base, plan.settled)
  settleOutcome(run, record, plan.conflicts.length > 0 ? 'conflict' : 'updated')
}

/** Unpaired records that this run creates in the CRM, parents first; all others are skipped. */
function findCreates(run: WorldRun, type: RecordType, held: boolean): ErpRecord[] {
  const paired = new Set(livingPairs(run.world, type).map((pair) => pair.erpKey))
  const creates: ErpRecord[] = []
  for (const record of run.world.erp.filter((one) => one.type === type && !paired.has(one.key))) {
    const match = run.ambiguousErp.has(erpRecordKey(type, record.key)) ? 'ambiguous' : 'unmatched'
    const rule = { firstTime: run.firstTime.get(type) === true, options: run.options }
    const last = run.world.pairs.findLast((pair) => pair.type === type && pair.erpKey === record.key)
    const unmapped = { ...record, lastName: record.fields.LastName ?? null }
    const afterRemoval = last?.removed === 'gone' ? 'waits' : null
    const verdict = createEligibility({ ...unmapped, afterRemoval }, match, rule)
    const isCreated = verdict === 'create' && !held
    run.outcomes.set(erpRecordKey(type, record.key), isCreated ? 'notReached' : 'skipped')
    if (isCreated) creates.push(record)
  }
  const waves = supervisorWaves(
    creates.map(({ key, fields }) => ({ key, supervisorKey: fields.SupervisorKey ?? null })),
  )
  const waveOf = ({ key }: ErpRecord) => waves.get(key) ?? 1
  const unstamped = ({ key }: ErpRecord) => ({ modifiedAt: null, erpKey: key })
  return creates.sort((a, b) => waveOf(a) - waveOf(b) || compareDue(unstamped(a), unstamped(b)))
}

function create(run: WorldRun, erp: ErpRecord): void {
  const { world } = run
  const { type, key } = erp
  const callerKey = type === 'project' ? null : `new-${key}`
  const entries = world.rules.fieldMap[type]
  const plan = planCreate({ erp, entries, lookups: lookupsOf(world), callerKey })
  const assigned = world.rules.description.types[type].assignsKey === 'yes' ? `assigned-${key}` : null
  const id = plan.id ?? assigned
  if (id === null || findCrm(world, type, id) || run.refuses({ side: 'crm', type, key })) {
    settleOutcome(run, erpRecordKey(type, key), 'failed')
    return
  }
  const empty = Object.fromEntries(entries.map((entry) => [entry.crm, null]))
  const crm = crmRecordOf({
    type,
    id,
    name: '',
    longName: null,
    externalKey: key,
    syncFlag: false,
    fields: spelled(world.rules, type, { ...empty, ...plan.fields }),
    modifiedAt: stampOf(world.tick),
    createdAt: null,
  })
  world.crm.push(crm)
  const base = agreedBase(plan.base, crm.fields, entries)
  const turnsOn = type === 'project' && !erp.syncToCrm
  const pair: WorldPair = {
    ...freshPair({ type, erpKey: key, crmId: id }, run.number),
    isCreated: true,
    ...(turnsOn ? { syncOverride: true, overriddenFlag: false } : {}),
  }
  world.pairs.push(pair)
  const isKept = Object.keys(base).length === Object.keys(plan.base).length
  const isAllSent = !entries.some((entry) => entry.owner === 'crm' && isTakeable(entry, world.rules.erpFields[type]))
  const isWhole = isKept && isAllSent && plan.warnings.length === 0
  settlePair({ pair, erp, crm }, base, isWhole)
  warn(run, pair, plan.warnings)
  run.writes.push({ side: 'crm', action: 'create', type, erpKey: key, crmId: id, changes: plan.changes })
  settleOutcome(run, erpRecordKey(type, key), 'created')
}

/** A second project of a name is never created (sync-rules §13.8). */
function takenNames({ world }: WorldRun): Set<string> {
  const projects = world.crm.filter((record) => record.type === 'project')
  return new Set(
    projects.flatMap(({ name, longName }) => [`short ${nameKey(name)}`, `long ${nameKey(longName ?? '')}`]),
  )
}

function shortLimit({ world }: WorldRun): number {
  return world.rules.description.shortName.limit
}
