import type { FieldMapEntry } from '#lib/sync/field-map'
import { nameKey } from '#lib/sync/name-rule'
import type { ErpRecord, RecordType } from '#lib/sync/records'
import { findCrm, type PureWorld } from './pure-world.ts'
import type { Refuses } from './pure-world-sync.ts'

/** Systems that take nothing of about a quarter of the records, and what they have refused. */
export function refusing(seed: number): { readonly refuses: Refuses; readonly refused: Parameters<Refuses>[0][] } {
  const refused: Parameters<Refuses>[0][] = []
  return {
    refused,
    refuses(write) {
      const isRefused = (hashOf(`${write.side} ${write.type} ${write.key}`) ^ seed) % 4 === 0
      if (isRefused) refused.push(write)
      return isRefused
    },
  }
}

function hashOf(text: string): number {
  return [...text].reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 7)
}

/**
 * ERP records, as `type key`, that a refusal may concern: those refused, those that name one of them in a link, and those
 * that have the name of one, since a name that was not given up cannot be taken (§13.8).
 */
export function concernedBy(world: PureWorld, refused: readonly Parameters<Refuses>[0][]): Set<string> {
  const pairOf = (type: RecordType, key: string) =>
    world.pairs.find((pair) => pair.type === type && (pair.erpKey === key || pair.crmId === key))
  const direct = new Set(refused.map(({ type, key }) => `${type} ${pairOf(type, key)?.erpKey ?? key}`))
  const namesOf = ({ type, key, name }: ErpRecord) => {
    const crm = findCrm(world, type, pairOf(type, key)?.crmId ?? '')
    return [name, crm?.name ?? '', crm?.longName ?? ''].map((one) => `${type} ${nameKey(one)}`)
  }
  const isDirect = (record: ErpRecord) => direct.has(`${record.type} ${record.key}`)
  const names = new Set(world.erp.filter(isDirect).flatMap(namesOf))
  const concerned = world.erp.filter(
    (record) =>
      isDirect(record) ||
      namesOf(record).some((name) => names.has(name)) ||
      links(world, record).some((to) => direct.has(to)),
  )
  return new Set(concerned.map((record) => `${record.type} ${record.key}`))
}

/** The ERP records that a record, or its partner in the CRM, names. */
function links(world: PureWorld, { type, key, fields }: ErpRecord): string[] {
  const pair = world.pairs.find((one) => one.type === type && one.erpKey === key)
  const crm = findCrm(world, type, pair?.crmId ?? '')
  return world.rules.fieldMap[type].flatMap(({ erp, crm: field, transform }: FieldMapEntry) => {
    if (transform.kind !== 'reference') return []
    const back = world.pairs.find((one) => one.type === transform.type && one.crmId === crm?.fields[field])
    return [fields[erp], back?.erpKey, crm?.fields[field]].map((to) => `${transform.type} ${to}`)
  })
}
