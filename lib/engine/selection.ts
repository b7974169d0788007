import type { RunScope } from '#lib/store/runs'
import type { RecordType } from '#lib/sync/records'

/**
 * The records a run is about. A sync is about all of them; one that sends failed records again, or one that a person
 * started for a single record, leaves every other record, its findings and the backlog as they are.
 */
export interface Selection {
  /** False where no record of the type is selected, so that nothing need be loaded for it. */
  selectsAny(type: RecordType): boolean
  selects(type: RecordType, erpKey: string): boolean
  /** Of a record that is not in the ERP yet. */
  selectsCrm(type: RecordType, crmId: string): boolean
}

const EVERYTHING: Selection = { selectsAny: () => true, selects: () => true, selectsCrm: () => true }

/** The selection of a run's scope; `null`: every record. CRM ids are compared without regard to case, as everywhere. */
export function openSelection(scope: RunScope | null): Selection {
  if (scope === null) return EVERYTHING
  const erp = new Set<string>()
  const crm = new Set<string>()
  const types = new Set<RecordType>()
  for (const [type, chosen] of Object.entries(scope) as [RecordType, { erp: string[]; crm: string[] }][]) {
    for (const key of chosen.erp) erp.add(`${type} ${key}`)
    for (const id of chosen.crm) crm.add(`${type} ${id.toUpperCase()}`)
    if (chosen.erp.length + chosen.crm.length > 0) types.add(type)
  }
  return {
    selectsAny: (type) => types.has(type),
    selects: (type, erpKey) => erp.has(`${type} ${erpKey}`),
    selectsCrm: (type, crmId) => crm.has(`${type} ${crmId.toUpperCase()}`),
  }
}
