'use server'

import { revalidatePath } from 'next/cache'
import { actionUser } from '#lib/access/session'
import { changeSchedule } from '#lib/engine/schedule'
import { findConnection } from '#lib/store/connections'
import { formValues } from '../../../_ui/form-values.ts'
import { readScheduleForm } from './schema.ts'
import { startsView } from './starts-view.ts'
import type { ScheduleState } from './state.ts'

/** One form, two buttons: `intent` says which. */
export async function scheduleAction(before: ScheduleState, form: FormData): Promise<ScheduleState> {
  const values = formValues(form)
  const back = (rest: Partial<ScheduleState>): ScheduleState => {
    return { values, fields: {}, answer: before.answer + 1, ...rest }
  }
  const asked = await actionUser('settings')
  if (!asked.ok) return back({ error: asked.error })
  const now = new Date()
  const read = readScheduleForm(values, now)
  if (!read.ok) return back({ error: read.error, fields: read.fields })
  const { connectionId, intent, draft } = read
  if (intent === 'preview') return back({ starts: startsView(draft, now) })
  if (!(await findConnection(connectionId)))
    return back({ error: 'This connection no longer exists: load the page again.' })
  await changeSchedule({ connectionId, ...draft, changedBy: asked.user.email }, now)
  revalidatePath('/', 'layout')
  return back({
    values: {},
    done: draft.enabled ? 'Saved. Syncs start by themselves.' : 'Saved. No sync starts by itself.',
  })
}
