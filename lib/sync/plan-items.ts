import type { FieldChange } from './plan.ts'

/**
 * Stands in a plan for the key of a record that the plan creates and that only the other side can number. The key is
 * known when the plan is applied.
 */
const NEW_RECORD = 'new:'

export function newRecordKey(erpKey: string): string {
  return `${NEW_RECORD}${erpKey}`
}

export function isNewRecordKey(value: string | null): boolean {
  return value?.startsWith(NEW_RECORD) === true
}

/** Whether two lists of changes write the same values to the same fields; a key not known yet equals any. */
export function isSamePlan(planned: readonly FieldChange[], now: readonly FieldChange[]): boolean {
  const present = new Map(now.map((change) => [`${change.side ?? 'crm'} ${change.field}`, change.to]))
  return (
    planned.length === now.length &&
    planned.every((change) => {
      const key = `${change.side ?? 'crm'} ${change.field}`
      return present.has(key) && (isNewRecordKey(change.to) || present.get(key) === change.to)
    })
  )
}
