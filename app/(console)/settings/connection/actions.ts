'use server'

import { revalidatePath } from 'next/cache'
import { headers } from 'next/headers'
import { z } from 'zod'
import { audit } from '#lib/access/audit'
import { clientAddress } from '#lib/access/origin'
import { actionUser, type SessionUser } from '#lib/access/session'
import { admitAttempt } from '#lib/access/throttle'
import { checkConnection, checkDraft, saveDraft } from '#lib/console'
import { currentConnection, findConnection, selectConnection, updateConnectionSettings } from '#lib/store/connections'
import { formValues } from '../../../_ui/form-values.ts'
import { accessContext, newConnectionSettings } from './access-context.ts'
import { inSentence } from './in-sentence.ts'
import { accessForm, SECRET_FIELDS, settingsForm } from './schema.ts'
import type { FormState } from './state.ts'

const BY_ENVIRONMENT = 'This connection is given by environment variables: change them where Crosswalk is started.'
const TOO_MANY_TESTS = 'Too many tests. Wait a quarter of an hour, so that no account is locked over there.'

export async function testCurrentAction(before: FormState, _: FormData): Promise<FormState> {
  const answer = before.answer + 1
  const asked = await actionUser('settings')
  if (!asked.ok) return { values: {}, error: asked.error, answer }
  const connection = await currentConnection()
  if (!connection) return { values: {}, error: 'There is no connection to test.', answer }
  if (!(await admitTest(asked.user))) return { values: {}, error: TOO_MANY_TESTS, answer }
  const checked = await inSentence(() => checkConnection(connection.id))
  return checked.ok ? { values: {}, findings: checked.value, answer } : { values: {}, error: checked.error, answer }
}

/** One form, two buttons: `intent` says which. */
export async function accessAction(before: FormState, form: FormData): Promise<FormState> {
  const { intent, ...sent } = formValues(form)
  const answer = before.answer + 1
  const shown = Object.fromEntries(Object.entries(sent).filter(([name]) => !SECRET_FIELDS.some((one) => one === name)))
  const back = (rest: Partial<FormState>): FormState => ({ values: shown, answer, ...rest })
  const asked = await actionUser('settings')
  if (!asked.ok) return back({ error: asked.error })
  const context = await accessContext()
  if (!context) return back({ error: BY_ENVIRONMENT })
  const parsed = accessForm(context).safeParse(sent)
  if (!parsed.success) {
    const { fieldErrors, formErrors } = z.flattenError(parsed.error)
    return back({ fields: fieldErrors, error: formErrors[0] ?? 'Nothing was saved or tested: see the fields below.' })
  }
  const draft = { credentials: parsed.data, settings: await newConnectionSettings() }
  if (intent === 'save') {
    const saved = await inSentence(() => saveDraft(draft, asked.user.email))
    if (!saved.ok) return back({ error: saved.error })
    const entered = Object.entries(parsed.data).flatMap(([field, text]) => (text === '' ? [] : [field]))
    await audit({ actor: asked.user.email, action: 'connection.save', subject: saved.value, details: { entered } })
    revalidatePath('/', 'layout')
    return { values: {}, answer, done: 'Saved. Syncs use this connection from now on.' }
  }
  if (!(await admitTest(asked.user))) return back({ error: TOO_MANY_TESTS })
  const checked = await inSentence(() => checkDraft(draft))
  return back(checked.ok ? { findings: checked.value } : { error: checked.error })
}

export async function settingsAction(before: FormState, form: FormData): Promise<FormState> {
  const { connectionId = '', ...values } = formValues(form)
  const answer = before.answer + 1
  const asked = await actionUser('settings')
  if (!asked.ok) return { values, error: asked.error, answer }
  const connection = z.uuid().safeParse(connectionId).success ? await findConnection(connectionId) : null
  if (!connection) return { values, error: 'This connection no longer exists: load the page again.', answer }
  if (connection.origin === 'environment') return { values, error: BY_ENVIRONMENT, answer }
  const parsed = settingsForm.safeParse(values)
  if (!parsed.success) {
    const { fieldErrors, formErrors } = z.flattenError(parsed.error)
    return { values, fields: fieldErrors, error: formErrors[0] ?? 'Nothing was saved: see the fields below.', answer }
  }
  await updateConnectionSettings(connection.id, parsed.data)
  const details = { from: connection.settings, to: parsed.data }
  await audit({ actor: asked.user.email, action: 'connection.settings', subject: connection.id, details })
  revalidatePath('/', 'layout')
  return { values, answer, done: 'Saved. They apply from the next run on.' }
}

export async function switchConnectionAction(before: FormState, form: FormData): Promise<FormState> {
  const { connectionId = '' } = formValues(form)
  const answer = before.answer + 1
  const asked = await actionUser('settings')
  if (!asked.ok) return { values: {}, error: asked.error, answer }
  if ((await currentConnection())?.origin === 'environment') return { values: {}, error: BY_ENVIRONMENT, answer }
  if (!z.uuid().safeParse(connectionId).success || !(await selectConnection(connectionId))) {
    return { values: {}, error: 'This connection no longer exists: load the page again.', answer }
  }
  await audit({ actor: asked.user.email, action: 'connection.select', subject: connectionId })
  revalidatePath('/', 'layout')
  return { values: {}, answer }
}

async function admitTest(user: SessionUser): Promise<boolean> {
  const address = clientAddress(await headers())
  return admitAttempt({ purpose: 'test-connection', account: user.id, address, allowance: 30 })
}
