import { defaultFieldMap } from '#lib/default-field-map'
import { OperatorProblem } from '#lib/ops/operator-problem'
import { type FieldMapReading, readFieldMap } from '#lib/store/field-map'
import type { FieldMap } from '#lib/sync/field-map'

/** The field map of a connection: what was edited for it, and the default for the rest. */
export function readConnectionMap(connectionId: string): Promise<FieldMapReading> {
  return readFieldMap(connectionId, defaultFieldMap)
}

/** For a run and everything that writes. Throws {@link OperatorProblem} where a stored entry cannot be used. */
export async function fieldMapOf(connectionId: string): Promise<FieldMap> {
  const { fieldMap, problems } = await readConnectionMap(connectionId)
  const [problem] = problems
  if (problem) throw new OperatorProblem(problem.message)
  return fieldMap
}

/** For showing values: a type whose entries cannot be used is shown by the default. */
export async function shownFieldMap(connectionId: string): Promise<FieldMap> {
  return (await readConnectionMap(connectionId)).fieldMap
}
