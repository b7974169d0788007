import type { RunContext } from '#lib/engine/context'
import { matchedName } from '#lib/engine/create-keys'
import { findCrmNames } from '#lib/store/crm-records'
import { nameKey } from '#lib/sync/name-rule'
import { type ProblemCode, problemCodes } from '#lib/sync/problems'
import type { RecordType } from '#lib/sync/records'

/** CRM projects by the name the name rule compares: a second one of a name is never created (sync-rules §13.8). */
export interface Namesakes {
  find(erpName: string): { readonly code: ProblemCode; readonly reason: string } | null
}

const NONE: Namesakes = { find: () => null }

export async function loadNamesakes(context: RunContext, type: RecordType): Promise<Namesakes> {
  if (type !== 'project') return NONE
  const byName = new Map<string, string>()
  for (const crm of await findCrmNames(context.run.connectionId, type)) {
    byName.set(`short ${nameKey(crm.name)}`, crm.id)
    byName.set(`long ${nameKey(crm.longName ?? '')}`, crm.id)
  }
  return {
    find(erpName) {
      const long = matchedName(context, type, erpName, { name: 'short', longName: 'long' })
      const id = byName.get(`${long} ${nameKey(erpName)}`)
      if (id === undefined) return null
      return {
        code: problemCodes.mappedNamesake,
        reason: `${context.names.crm} already has the project ${id} with this name.`,
      }
    },
  }
}
