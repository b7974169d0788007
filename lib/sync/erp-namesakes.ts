import { nameKey, projectNameField } from './name-rule.ts'
import { newErpName } from './plan-create-erp.ts'
import type { RecordType } from './records.ts'

/** An ERP record as a name is looked for among all of them. */
export interface ErpName {
  readonly key: string
  readonly name: string
  /** Projects: the ERP's own number for it. */
  readonly number: string | null
}

/** A CRM record that is to become a new one in the ERP. */
export interface NewName {
  readonly id: string
  readonly name: string
  readonly longName: string | null
}

export interface ErpNamesakes {
  /** ERP keys of the records that have this name, or this project's number, already; sorted as they were given. */
  find(crm: NewName): readonly string[]
  /** The id of the CRM record under whose name, or number, one is about to be created in this run; `null`: none. */
  reservedBy(crm: NewName): string | null
  reserve(crm: NewName): void
}

/**
 * Every record of the ERP by the name that the name rule compares (sync-rules §4.4–4.6), whether mapped, ambiguous or
 * ruled out: a second one of a name is never created (§8 step 9). A project's number is taken as its name is.
 */
export function indexErpNames(type: RecordType, records: readonly ErpName[], shortNameLimit: number): ErpNamesakes {
  const project = type === 'project'
  const known = new Map<string, string[]>()
  const reserved = new Map<string, string>()
  for (const { key, name, number } of records) {
    const own: Place = [project ? projectNameField(name, shortNameLimit) : 'short', name]
    for (const place of project ? places(own, ['number', number ?? '']) : places(own)) {
      known.set(place, [...(known.get(place) ?? []), key])
    }
  }
  const placesOf = (crm: NewName) =>
    project
      ? places(['short', crm.name], ['long', crm.longName ?? ''], ['number', crm.id])
      : places(['short', crm.name])
  return {
    find: (crm) => [...new Set(placesOf(crm).flatMap((place) => known.get(place) ?? []))],
    reservedBy: (crm) => placesOf(crm).flatMap((place) => reserved.get(place) ?? [])[0] ?? null,
    reserve(crm) {
      const name = newErpName(crm, shortNameLimit)
      const own: Place = [project ? projectNameField(name, shortNameLimit) : 'short', name]
      for (const place of project ? places(own, ['number', crm.id]) : places(own)) reserved.set(place, crm.id)
    },
  }
}

type Place = readonly [kind: 'short' | 'long' | 'number', text: string]

/** Under which names a record is looked up; no name is no place. */
function places(...names: readonly Place[]): string[] {
  return names.flatMap(([kind, text]) => (nameKey(text) === '' ? [] : [`${kind} ${nameKey(text)}`]))
}
