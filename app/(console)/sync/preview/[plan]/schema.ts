import { z } from 'zod'
import { PLAN_KINDS, type PlanFilter } from '#lib/store/plan-filter'
import { RECORD_TYPES } from '#lib/sync/records'

export const planFormSchema = z.strictObject({ plan: z.uuid() })

/** One item's tick. */
export const tickFormSchema = z.strictObject({ plan: z.uuid(), item: z.uuid(), to: z.enum(['on', 'off']) })

/** All items that pass the filter of the page. */
export const tickAllFormSchema = z.strictObject({
  plan: z.uuid(),
  to: z.enum(['on', 'off']),
  type: z.enum(RECORD_TYPES).optional(),
  kind: z.enum(PLAN_KINDS).optional(),
  ticks: z.enum(['ticked', 'unticked']).optional(),
  q: z.string().max(200).optional(),
})

export function toPlanFilter(form: z.output<typeof tickAllFormSchema>): PlanFilter {
  return {
    type: form.type ?? null,
    kind: form.kind ?? null,
    included: form.ticks === undefined ? null : form.ticks === 'ticked',
    text: form.q ?? null,
  }
}
