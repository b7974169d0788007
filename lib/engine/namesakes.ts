import type { RunContext } from '#lib/engine/context'
import { matchedName } from '#lib/engine/create-keys'
import { findCrmNames } from '#lib/store/crm-records'
import { nameKey } from '#lib/sync/name-rule'
import { type ProblemCode, problemCodes } from '#lib/sync/problems'
import type { RecordType } from '#lib/sync/records'

/** CRM projects by the name the name rule compares: a second one of a name is never created (sync-rules §13.8). */
export interface Namesakes {
  find(erpName: string): { readonly code: ProblemCode; readonly reason: string } | null
  /** This ERP record is about to be created, so its name is taken from now on. */
  reserve(erpName: string, erpKey: string): void
}

const NONE: Namesakes = { find: () => null, reserve: () => undefined }

export async function loadNamesakes(context: RunContext, type: RecordType): Promise<Namesakes> {
  if (type !== 'project') return NONE
  const taken = new Map<string, string>()
  for (const crm of await findCrmNames(context.run.connectionId, type)) {
    const reason = `${context.names.crm} already has the project ${crm.id} with this name.`
    taken.set(`short ${nameKey(crm.name)}`, reason)
    taken.set(`long ${nameKey(crm.longName ?? '')}`, reason)
  }
  const nameOf = (erpName: string) =>
    `${matchedName(context, type, erpName, { name: 'short', longName: 'long' })} ${nameKey(erpName)}`
  return {
    find(erpName) {
      const reason = taken.get(nameOf(erpName))
      return reason === undefined ? null : { code: problemCodes.mappedNamesake, reason }
    },
    reserve(erpName, erpKey) {
      taken.set(nameOf(erpName), `This run creates the ${context.names.erp} project ${erpKey} under the same name.`)
    },
  }
}
