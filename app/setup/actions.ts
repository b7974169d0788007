'use server'

import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { clientAddress, isSameOrigin } from '#lib/access/origin'
import { hashPassword } from '#lib/access/password'
import { setSessionCookie } from '#lib/access/session'
import { createFirstAdministrator, setupState } from '#lib/access/setup-token'
import { admitAttempt, pardonAttempt } from '#lib/access/throttle'
import { formValues } from '../_ui/form-values.ts'
import type { SetupFormState } from './form.tsx'
import { setupForm } from './schema.ts'

const REFUSED = {
  done: 'The first administrator exists already: sign in instead.',
  'wrong-token': 'This link no longer works: use the newest one in the terminal.',
  'address-taken': 'This e-mail address has an account already: use another.',
} as const

export async function createAdministratorAction(_: SetupFormState, form: FormData): Promise<SetupFormState> {
  const sent = await headers()
  const { token = '', name = '', email = '', ...rest } = formValues(form)
  if (!isSameOrigin(sent)) return { name, email, error: 'This request did not come from a page of Crosswalk.' }
  const attempt = { purpose: 'set-up', address: clientAddress(sent) }
  if (!(await admitAttempt(attempt))) return { name, email, error: 'Too many attempts. Wait a quarter of an hour.' }
  if ((await setupState(token)) !== 'open') return { name, email, error: REFUSED['wrong-token'] }
  await pardonAttempt(attempt)
  const parsed = setupForm.safeParse({ token, name, email, ...rest })
  if (!parsed.success) {
    const { fieldErrors, formErrors } = z.flattenError(parsed.error)
    return { name, email, fields: fieldErrors, error: formErrors[0] }
  }
  const { password, ...person } = parsed.data
  const passwordHash = await hashPassword(password)
  const result = await createFirstAdministrator(token, { name: person.name, email: person.email, passwordHash })
  if (!result.ok) return { name, email, error: REFUSED[result.reason] }
  await setSessionCookie(result.sessionId)
  redirect('/sync')
}
