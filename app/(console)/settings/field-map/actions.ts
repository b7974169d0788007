'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import type { z } from 'zod'
import { actionUser } from '#lib/access/session'
import { type MapAnswer, saveEditedMap, setMapBack } from '#lib/field-map-desk'
import { type ConnectionView, currentConnection } from '#lib/store/connections'
import type { FieldMapEntry } from '#lib/sync/field-map'
import { withoutEntry } from '#lib/sync/map-edit'
import { formValues } from '../../../_ui/form-values.ts'
import { inSentence } from '../connection/in-sentence.ts'
import { readEntryRequest } from './entry-request.ts'
import { moveInMap, workOnEntry } from './entry-work.ts'
import { moveForm, removeForm, resetForm } from './schema.ts'
import { mapHref } from './search-params.ts'
import { type EntryState, type MapFormState, UNTOUCHED } from './state.ts'

const NO_CONNECTION = 'No connection is set up, so there is no field map.'
const BROKEN_FORM =
  'This form is not complete or holds a field it should not. Load the page again and repeat the change.'

export async function entryAction(before: EntryState, form: FormData): Promise<EntryState> {
  const request = readEntryRequest(form)
  const back = (rest: Partial<EntryState>): EntryState => {
    return { ...UNTOUCHED, ...rest, answer: before.answer + 1, values: request.values, rows: request.rows }
  }
  const asked = await actionUser('settings')
  if (!asked.ok) return back({ error: asked.error })
  if (!request.ok) return back(request)
  const connection = await currentConnection()
  if (!connection) return back({ error: NO_CONNECTION })
  const outcome = await inSentence(() => workOnEntry(connection, request.form, asked.user.email))
  if (!outcome.ok) return back({ error: outcome.error })
  if (!('saved' in outcome.value)) return back(outcome.value)
  revalidatePath('/', 'layout')
  const { type, field, record } = request.form
  redirect(mapHref({ type, record, field: outcome.value.saved, done: field === '' ? 'added' : 'saved' }))
}

export async function moveEntryAction(_: MapFormState, form: FormData): Promise<MapFormState> {
  return change(form, moveForm, ({ connection, input, by }) => moveInMap(connection, input, by))
}

export async function removeEntryAction(_: MapFormState, form: FormData): Promise<MapFormState> {
  const done = await change(form, removeForm, ({ connection, input, by }) => {
    const { type, version, field } = input
    const after = (entries: readonly FieldMapEntry[]) => withoutEntry(entries, field)
    return saveEditedMap(connection, { type, by, expected: version, after })
  })
  if (done.error !== null) return done
  const { type = '', field = '' } = formValues(form)
  redirect(mapHref({ type, field, done: 'removed' }))
}

export async function resetMapAction(_: MapFormState, form: FormData): Promise<MapFormState> {
  const done = await change(form, resetForm, ({ connection, input, by }) => {
    return setMapBack(connection, { type: input.type, by, expected: input.version })
  })
  if (done.error !== null) return done
  redirect(mapHref({ type: formValues(form).type ?? '', done: 'reset' }))
}

async function change<Input>(
  form: FormData,
  schema: z.ZodType<Input>,
  act: (asked: {
    readonly connection: ConnectionView
    readonly input: Input
    readonly by: string
  }) => Promise<MapAnswer>,
): Promise<MapFormState> {
  const asked = await actionUser('settings')
  if (!asked.ok) return { error: asked.error }
  const input = schema.safeParse(formValues(form))
  if (!input.success) return { error: BROKEN_FORM }
  const connection = await currentConnection()
  if (!connection) return { error: NO_CONNECTION }
  const done = await inSentence(() => act({ connection, input: input.data, by: asked.user.email }))
  if (!done.ok) return { error: done.error }
  if (!done.value.ok) {
    return {
      error: 'error' in done.value ? done.value.error : done.value.findings.map(({ message }) => message).join(' '),
    }
  }
  revalidatePath('/', 'layout')
  return { error: null }
}
