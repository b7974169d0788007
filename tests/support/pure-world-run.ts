import { judgeRemoval } from '#lib/sync/brake'
import { isMatchCandidate, type RunOptions, turnsSyncOn } from '#lib/sync/eligibility'
import { matchRecords } from '#lib/sync/match'
import { countOutcome, emptyCounts, type OutcomeCounts } from '#lib/sync/outcome'
import { RECORD_TYPES, type RecordType } from '#lib/sync/records'
import {
  copyOf,
  findCrm,
  findErp,
  freshPair,
  livingPairs,
  type PureWorld,
  type WorldPair,
  writeErp,
} from './pure-world.ts'
import { takeNew } from './pure-world-new.ts'
import { sendPeople, sendProjects } from './pure-world-send.ts'
import { crmRecordKey, erpRecordKey, type Refuses, type WorldRun } from './pure-world-sync.ts'
import { takeChanges } from './pure-world-take.ts'

const NOTHING: Refuses = () => false

/** One whole run over the world, in the order of sync-rules §8; the world that is given stays as it is. */
export function syncWorld(before: PureWorld, options: RunOptions, refuses: Refuses = NOTHING): WorldRun {
  const world = copyOf(before)
  world.runs += 1
  world.tick += 1
  const continues = (world.last?.remaining ?? 0) > 0 ? world.last : null
  const run: WorldRun = {
    world,
    number: world.runs,
    options,
    refuses,
    firstTime: new Map(RECORD_TYPES.map((type) => [type, !world.pairs.some((pair) => isPairEver(pair, type))])),
    ambiguousErp: new Set(),
    ambiguousCrm: new Set(),
    outcomes: new Map(),
    writes: [],
    opened: [],
    warnings: [],
    drain: continues?.drain ?? world.runs,
    remaining: 0,
  }
  for (const type of RECORD_TYPES) removeGone(run, type)
  for (const type of RECORD_TYPES) matchType(run, type)
  turnSwitchesOn(run)
  for (const type of RECORD_TYPES) if (type !== 'project') sendPeople(run, type)
  sendProjects(run)
  // sync-rules §6.2: while a backlog remains, nothing is taken.
  if (run.remaining === 0) {
    for (const type of RECORD_TYPES.filter((one) => one !== 'employee')) {
      takeNew(run, type)
      takeChanges(run, type)
    }
  }
  world.last = { remaining: run.remaining, drain: run.drain }
  return run
}

/** A pair whose run was undone is as if it had never been (sync-rules §4.1, §12). */
function isPairEver(pair: WorldPair, type: RecordType): boolean {
  return pair.type === type && pair.removed !== 'undone'
}

/** Mappings whose CRM record is gone end, unless too many would (sync-rules §8 step 4). */
function removeGone({ world }: WorldRun, type: RecordType): void {
  const living = livingPairs(world, type)
  const gone = living.filter((pair) => findCrm(world, type, pair.crmId) === undefined)
  if (judgeRemoval(living.length, gone.length).pulled) throw new Error('A small world never pulls the brake.')
  for (const pair of gone) {
    pair.removed = 'gone'
    pair.open = []
    pair.decisions = {}
  }
}

function matchType(run: WorldRun, type: RecordType): void {
  const { world } = run
  const living = livingPairs(world, type)
  const [erpKeys, crmIds] = [living.map((pair) => pair.erpKey), living.map((pair) => pair.crmId)]
  const erp = world.erp.filter((record) => record.type === type && !erpKeys.includes(record.key))
  const crm = world.crm.filter((record) => record.type === type && !crmIds.includes(record.id))
  const rule = { firstTime: run.firstTime.get(type) === true, options: run.options }
  const never = world.never.filter((pair) => pair.type === type)
  const shortNameLimit = world.rules.description.shortName.limit
  const candidates = erp.filter((record) => isMatchCandidate(record, rule))
  const found = matchRecords({ type, erp: candidates, crm, never, shortNameLimit })
  // sync-rules §4.2: a flagged CRM project is matched too, with the ERP projects that were no candidates.
  const taken = [...found.pairs.map((pair) => pair.crmId), ...found.ambiguous.flatMap((group) => group.crmIds)]
  const flagged = matchRecords({
    type,
    erp: type === 'project' ? erp.filter((record) => !candidates.includes(record)) : [],
    crm: crm.filter((record) => record.syncFlag && !taken.includes(record.id)),
    never,
    shortNameLimit,
  })
  for (const group of [...found.ambiguous, ...flagged.ambiguous]) {
    for (const key of group.erpKeys) run.ambiguousErp.add(erpRecordKey(type, key))
    for (const id of group.crmIds) run.ambiguousCrm.add(crmRecordKey(type, id))
  }
  for (const [at, mayTurnOn] of [
    ...found.pairs.map((pair) => [pair, true] as const),
    ...flagged.pairs.map((pair) => [pair, false] as const),
  ]) {
    const record = erp.find((one) => one.key === at.erpKey)
    const isTurnedOn = mayTurnOn && record !== undefined && turnsSyncOn(record, rule)
    const carried = isTurnedOn ? { syncOverride: true, overriddenFlag: false } : {}
    world.pairs.push({ ...freshPair({ type, ...at }, run.number), ...carried })
  }
}

/** *Sync to CRM* of what *Map unsynced* has paired is turned on in the ERP, too (sync-rules §4.3). */
function turnSwitchesOn(run: WorldRun): void {
  const flag = run.world.rules.fieldMap.project.find((entry) => entry.role === 'sync-flag')
  for (const pair of livingPairs(run.world, 'project')) {
    const { type, erpKey, crmId } = pair
    const erp = findErp(run.world, type, erpKey)
    if (!flag || !erp || pair.isCreated || pair.syncOverride !== true || erp.syncToCrm) continue
    if (run.refuses({ side: 'erp', type, key: erpKey })) continue
    writeErp(run.world, erp, { SyncToCRM: 'Y' })
    pair.syncOverride = null
    pair.overriddenFlag = null
    const change = { field: flag.crm, label: flag.label, side: 'erp', erpField: flag.erp } as const
    run.writes.push({
      ...{ side: 'erp', action: 'turn-on', type, erpKey, crmId },
      changes: [{ ...change, from: 'N', to: 'Y', reason: 'turned-on' }],
    })
  }
}

/** The counters of a run by type, each record counted once (sync-rules §7.8). */
export function countersOf(run: Pick<WorldRun, 'outcomes'>): Map<RecordType, OutcomeCounts> {
  return new Map(
    RECORD_TYPES.map((type) => {
      const own = [...run.outcomes].filter(([record]) => record.startsWith(`${type} `))
      return [type, own.reduce((counts, [, outcome]) => countOutcome(counts, outcome), emptyCounts())]
    }),
  )
}
