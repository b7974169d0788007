import { z } from 'zod'
import type { RunOptions } from '#lib/sync/eligibility'

const checkbox = z.literal('on').optional()

/**
 * The form of the Synchronize page as a browser sends it. `attach` is set by the page's own script: it stays where it is
 * instead of being led to the run.
 */
export const syncFormSchema = z.strictObject({
  mapUnsynced: checkbox,
  whenNoMatch: z.enum(['leave', 'create']).optional(),
  includeClosed: checkbox,
  allBatches: checkbox,
  historicalConsultants: checkbox,
  /** Which button was pressed. */
  preview: z.enum(['yes', 'no']).optional(),
  attach: z.literal('yes').optional(),
})

export type SyncForm = z.output<typeof syncFormSchema>

/** *If no CRM project matches* counts only together with *Map unsynced* (sync-rules §2.2). */
export function toRunOptions(form: SyncForm): RunOptions {
  const mapUnsynced = form.mapUnsynced === 'on'
  return {
    mapUnsynced,
    whenNoMatch: mapUnsynced && form.whenNoMatch === 'create' ? 'create' : 'leave',
    includeClosed: form.includeClosed === 'on',
    allBatches: form.allBatches === 'on',
    ...(form.historicalConsultants === 'on' ? { historicalConsultants: true } : {}),
    preview: form.preview === 'yes',
  }
}

/** What was ticked in a form that could not be used, as far as it can be told. */
export function tickedOptions(values: Readonly<Record<string, string>>): RunOptions {
  const on = (name: string) => (values[name] === 'on' ? 'on' : undefined)
  return {
    ...toRunOptions({
      mapUnsynced: on('mapUnsynced'),
      includeClosed: on('includeClosed'),
      allBatches: on('allBatches'),
      historicalConsultants: on('historicalConsultants'),
    }),
    whenNoMatch: values.whenNoMatch === 'create' ? 'create' : 'leave',
  }
}

/** Why a posted form cannot be used, as a sentence that names the field. */
export function formProblem(error: z.ZodError): string {
  const issue = error.issues[0]
  if (issue?.code === 'unrecognized_keys') {
    return `The form carried something this page does not know (${issue.keys.slice(0, 3).join(', ')}). Nothing was started. Reload the page and try again.`
  }
  return `The form carried a value this page does not know (${issue?.path.join('.') ?? 'unknown'}). Nothing was started. Reload the page and try again.`
}

export const cancelFormSchema = z.strictObject({ run: z.uuid(), attach: z.literal('yes').optional() })

export const runFormSchema = z.strictObject({ run: z.uuid() })
