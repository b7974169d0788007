'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { addUser, changeRole, resetUser, setDisabled } from '#lib/access/accounts'
import { actionUser } from '#lib/access/session'
import { findUser } from '#lib/store/users'
import { formValues } from '../../../_ui/form-values.ts'
import { accountForm, addUserForm } from './schema.ts'
import type { AccountState, AddUserState } from './state.ts'

export async function addUserAction(_: AddUserState, form: FormData): Promise<AddUserState> {
  const values = formValues(form)
  const asked = await actionUser('users')
  if (!asked.ok) return { values, error: asked.error }
  const parsed = addUserForm.safeParse(values)
  if (!parsed.success) {
    const { fieldErrors, formErrors } = z.flattenError(parsed.error)
    return { values, fields: fieldErrors, error: formErrors[0] }
  }
  const added = await addUser({ ...parsed.data, by: asked.user.email })
  if (!added.ok) return { values, error: added.error }
  revalidatePath('/settings/users')
  return { values: {}, handover: { email: parsed.data.email, password: added.password } }
}

export async function accountAction(_: AccountState, form: FormData): Promise<AccountState> {
  const asked = await actionUser('users')
  if (!asked.ok) return { error: asked.error }
  const parsed = accountForm.safeParse(formValues(form))
  if (!parsed.success) return { error: parsed.error.issues[0]?.message ?? 'Nothing was changed.' }
  const { data } = parsed
  const by = asked.user.email
  if (data.userId === asked.user.id) return { error: 'Ask another administrator to change your own account.' }
  if (data.intent === 'reset') {
    const user = await findUser(data.userId)
    const reset = await resetUser(user?.email ?? '', by)
    if (!reset.ok) return { error: 'This account no longer exists.' }
    revalidatePath('/settings/users')
    return { handover: { email: user?.email ?? '', password: reset.password } }
  }
  const changed =
    data.intent === 'role'
      ? await changeRole(data.userId, data.role, by)
      : await setDisabled(data.userId, data.intent === 'disable', by)
  if (!changed.ok) return { error: changed.error }
  revalidatePath('/settings/users')
  return { done: 'Saved.' }
}
