import { agreedTaken } from '#lib/sync/agreed-base'
import { sendEligibility } from '#lib/sync/eligibility'
import type { Fields, RecordType } from '#lib/sync/records'
import { isSyncOn, livingPairs, lookupsOf, writeErp } from './pure-world.ts'
import {
  type Both,
  bothOf,
  changesOf,
  erpRecordKey,
  failPair,
  isChanged,
  pick,
  planBoth,
  settleOutcome,
  settlePair,
  storeConflicts,
  type WorldRun,
  warn,
  without,
} from './pure-world-sync.ts'

/** Takes into the ERP what changed in the CRM (sync-rules §8 step 9); the caller has seen that no backlog is left. */
export function takeChanges(run: WorldRun, type: RecordType): void {
  for (const pair of livingPairs(run.world, type)) {
    const both = bothOf(run.world, pair)
    if (!both || !isChanged(both)) continue
    const { closed } = both.erp
    if (sendEligibility({ type, closed, syncOn: true }, run.options) !== 'eligible') continue
    const plan = planBoth(run, both)
    if (Object.keys(plan.erpWrite).length > 0) take(run, both)
    else if (!isSyncOn(pair, both.erp)) settleSwitchedOff(run, both, plan.base)
  }
}

/** Of a pair whose switch is off only the switch can be agreed on. */
function settleSwitchedOff({ world }: WorldRun, both: Both, base: Fields): void {
  const flags = world.rules.fieldMap.project.flatMap((entry) => (entry.role === 'sync-flag' ? [entry.crm] : []))
  const agreed = pick(base, flags)
  const { pair } = both
  settlePair(both, pair.base === null && Object.keys(agreed).length === 0 ? {} : { ...pair.base, ...agreed }, true)
}

function take(run: WorldRun, before: Both): void {
  const { world } = run
  const { pair } = before
  const { type, erpKey, crmId } = pair
  const plan = planBoth(run, before)
  const record = erpRecordKey(type, erpKey)
  if (run.refuses({ side: 'erp', type, key: erpKey })) {
    failPair(run, pair)
    settleOutcome(run, record, 'failed')
    return
  }
  const erp = writeErp(world, before.erp, plan.erpWrite)
  const changes = changesOf(plan, 'erp')
  run.writes.push({ side: 'erp', action: 'update', type, erpKey, crmId, changes })
  const { kept, lost } = agreedTaken(plan.taken, erp, world.rules.fieldMap[type], lookupsOf(world))
  if (changes.some((change) => isSwitch(run, change.field))) pair.syncOverride = null
  const stillFailed = run.outcomes.get(record) === 'failed'
  warn(run, pair, plan.warnings)
  agree(run, { ...before, erp }, { ...without(plan.base, lost), ...kept }, Object.keys(plan.write))
  if (stillFailed) failPair(run, pair)
  settleOutcome(run, record, pair.open.length > 0 ? 'conflict' : 'updated')
}

/** The pair as it stands after a take; what still waits to be sent keeps the base it had. */
function agree(run: WorldRun, after: Both, base: Fields, unsent: readonly string[]): void {
  const { pair } = after
  const earlier = pair.base
  pair.base = { ...without(base, unsent), ...pick(earlier, unsent) }
  const next = planBoth(run, after)
  storeConflicts(run, pair, next)
  const waiting = Object.keys(next.write)
  const isQuiet = next.settled && waiting.length + Object.keys(next.erpWrite).length === 0
  settlePair(after, { ...without(next.base, waiting), ...pick(earlier, waiting) }, isQuiet)
}

function isSwitch({ world }: WorldRun, field: string): boolean {
  return world.rules.fieldMap.project.some((entry) => entry.role === 'sync-flag' && entry.crm === field)
}
