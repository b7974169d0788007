import type { RunContext } from '#lib/engine/context'
import type { boundaryGuard } from '#lib/engine/failures'
import { agreedBase } from '#lib/sync/agreed-base'
import type { CreatePlan } from '#lib/sync/plan-create'
import type { CrmRecord, FieldValue, RecordType } from '#lib/sync/records'

/**
 * A create can take more than one call (a firm and its address), and be cut short between them. What the record does
 * not hold of what was sent is written once more; if that fails too, the fields are due in the next run.
 */
export async function completeCreate(
  context: RunContext,
  type: RecordType,
  plan: CreatePlan,
  record: CrmRecord,
  guard: ReturnType<typeof boundaryGuard>,
): Promise<CrmRecord> {
  const agreed = agreedBase(plan.base, record.fields, context.ports.fieldMap[type])
  const missing: Record<string, FieldValue> = {}
  for (const [field, value] of Object.entries(plan.fields)) if (!(field in agreed)) missing[field] = value
  if (Object.keys(missing).length === 0) return record
  const answer = await guard(() => context.ports.crm.update(type, record.id, missing, null, { signal: context.signal }))
  return answer.ok ? answer.value : record
}
