'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { actionUser } from '#lib/access/session'
import { startUndo } from '#lib/engine/start-undo'
import { formValues } from '../../../_ui/form-values.ts'
import { type UndoState, undoFormProblem, undoFormSchema } from './undo-schema.ts'

/** Starts the undo of a run (sync-rules §12) and leads to it. */
export async function undoRunAction(before: UndoState, form: FormData): Promise<UndoState> {
  const access = await actionUser('run')
  const values = formValues(form)
  const again = { reason: values.reason ?? '', pins: values.pins === 'on', attempt: before.attempt + 1 }
  if (!access.ok) return { ...again, error: access.error, reasonError: null }
  const parsed = undoFormSchema.safeParse(values)
  if (!parsed.success) return { ...again, ...undoFormProblem(parsed.error) }
  const { run, reason, pins } = parsed.data
  const choices = { reason, pins: pins === 'on' }
  const started = await startUndo(run, { trigger: 'manual', startedBy: access.user.email, choices })
  if (!started.ok) return { ...again, error: started.message, reasonError: null }
  revalidatePath('/sync', 'layout')
  redirect(`/sync/${started.runId}`)
}
