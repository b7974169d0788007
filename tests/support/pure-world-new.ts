import { indexErpNames } from '#lib/sync/erp-namesakes'
import { compareText } from '#lib/sync/keys'
import { planUpdate } from '#lib/sync/plan'
import { chooseTemplate, type ErpCreatePlan, planErpCreate } from '#lib/sync/plan-create-erp'
import type { CrmRecord, RecordType } from '#lib/sync/records'
import { erpRecordOf, freshPair, livingPairs, lookupsOf, type PureWorld, stampOf } from './pure-world.ts'
import { crmRecordKey, settleOutcome, settlePair, type WorldRun, without } from './pure-world-sync.ts'

/** Creates in the ERP what is new in the CRM and flagged there (sync-rules §8 step 9). */
export function takeNew(run: WorldRun, type: RecordType): void {
  const { world } = run
  const names = namesIn(world, type)
  const planned: CrmRecord[] = []
  for (const record of findNew(world, type)) {
    const key = crmRecordKey(type, record.id)
    if (run.ambiguousCrm.has(key)) settleOutcome(run, key, 'skipped')
    else if (names.find(record).length > 0 || names.reservedBy(record) !== null) settleOutcome(run, key, 'failed')
    else if (creationOf(world, record) === null) settleOutcome(run, key, 'failed')
    else {
      names.reserve(record)
      run.outcomes.set(key, 'notReached')
      planned.push(record)
    }
  }
  for (const record of planned) create(run, record)
}

/** Flagged projects and firms, firms of new flagged projects, people of flagged firms. */
function findNew(world: PureWorld, type: RecordType): CrmRecord[] {
  const paired = new Set(livingPairs(world, type).map((pair) => pair.crmId))
  const unpaired = (of: RecordType) => {
    const theirs = new Set(livingPairs(world, of).map((pair) => pair.crmId))
    return world.crm.filter((record) => record.type === of && !theirs.has(record.id))
  }
  const named = unpaired('project').flatMap((record) => (record.syncFlag ? [record.fields.ClientID] : []))
  const flaggedFirms = new Set(world.crm.filter((one) => one.type === 'client' && one.syncFlag).map((one) => one.id))
  const isWanted = (record: CrmRecord) => {
    if (type === 'client') return record.syncFlag || named.includes(record.id)
    if (type === 'contact') return flaggedFirms.has(record.fields.ClientID ?? '')
    return type === 'project' && record.syncFlag
  }
  const records = world.crm.filter((record) => record.type === type && !paired.has(record.id) && isWanted(record))
  return records.sort((a, b) => compareText(a.id, b.id))
}

function namesIn(world: PureWorld, type: RecordType) {
  const records = world.erp.filter((record) => record.type === type)
  const numbered = records.map(({ key, name, fields }) => ({ key, name, number: fields.ID ?? null }))
  return indexErpNames(type, numbered, world.rules.description.shortName.limit)
}

/** `null`: the ERP needs a template or a client that there is none of. */
function creationOf(world: PureWorld, crm: CrmRecord): ErpCreatePlan | null {
  const { fieldMap, erpFields, defaultTemplate, templates } = world.rules
  const entries = fieldMap[crm.type]
  const plan = planErpCreate({ crm, entries, lookups: lookupsOf(world), erpFields: erpFields[crm.type] })
  const hasTemplate = crm.type !== 'project' || chooseTemplate(crm, entries, defaultTemplate, templates).ok
  return hasTemplate && !plan.lacksClient ? plan : null
}

function create(run: WorldRun, crm: CrmRecord): void {
  const { world } = run
  const { type, id: crmId } = crm
  const record = crmRecordKey(type, crmId)
  const plan = creationOf(world, crm)
  if (!plan || run.refuses({ side: 'erp', type, key: crmId })) {
    settleOutcome(run, record, 'failed')
    return
  }
  const { fieldMap, erpFields, policy } = world.rules
  const entries = fieldMap[type]
  const { SyncToCRM, ...fields } = plan.fields
  const empty = Object.fromEntries(entries.filter((entry) => entry.erp !== '').map((entry) => [entry.erp, null]))
  const erp = erpRecordOf({
    ...{ type, key: erpKeyOf(crmId), name: '', closed: false, createInCrm: false },
    fields: without({ ...empty, ...fields }, ['SyncToCRM']),
    modifiedAt: stampOf(world.tick),
    syncToCrm: type !== 'project' || SyncToCRM === 'Y',
  })
  world.erp.push(erp)
  const pair = { ...freshPair({ type, erpKey: erp.key, crmId }, run.number), isCreated: true }
  world.pairs.push(pair)
  const lookups = lookupsOf(world)
  const fresh = planUpdate({ erp, crm, base: null, pins: [], entries, lookups, policy, erpFields: erpFields[type] })
  const isWhole = fresh.settled && Object.keys({ ...fresh.write, ...fresh.erpWrite }).length === 0
  settlePair({ pair, erp, crm }, without(fresh.base, Object.keys(fresh.write)), isWhole)
  run.writes.push({ side: 'erp', action: 'create', type, erpKey: erp.key, crmId, changes: plan.changes })
  settleOutcome(run, record, 'created')
}

/** The ERP's own next number, the same in whatever order records come. */
function erpKeyOf(crmId: string): string {
  return String(5000 + Number(crmId.replace(/\D/g, '')))
}
