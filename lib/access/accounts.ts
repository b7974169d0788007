import { z } from 'zod'
import { database, type Transaction } from '#lib/store/database'
import { endSessionsOf } from '#lib/store/sessions'
import {
  countOtherAdministrators,
  findUser,
  findUserByEmail,
  insertUser,
  normaliseEmail,
  type UserView,
  updatePasswordHash,
  updateUserDisabled,
  updateUserRole,
} from '#lib/store/users'
import { audit } from './audit.ts'
import { generatePassword, hashPassword } from './password.ts'
import type { Role } from './roles.ts'

/** Accounts as administrators and the command line manage them. A password is made here and shown once. */

export const emailAddress = z
  .string()
  .trim()
  .max(254, 'Use at most 254 characters.')
  .pipe(z.email('Enter an e-mail address, such as name@firm.com.'))

export type AccountAdded =
  | { readonly ok: true; readonly userId: string; readonly password: string }
  | { readonly ok: false; readonly error: string }

/** Adds an account with a generated password, to be handed over in person. `by`: who did it, for the audit trail. */
export async function addUser(input: { email: string; role: Role; name?: string; by?: string }): Promise<AccountAdded> {
  const email = emailAddress.safeParse(input.email)
  if (!email.success) return { ok: false, error: `${input.email} is not an e-mail address.` }
  const password = generatePassword()
  const passwordHash = await hashPassword(password)
  const name = input.name?.trim() || email.data
  const userId = await database().$transaction(async (tx) => {
    const id = await insertUser(tx, { email: email.data, name, role: input.role, passwordHash })
    if (id) {
      const subject = normaliseEmail(email.data)
      await audit({ actor: input.by ?? 'cli', action: 'user.add', subject, details: { role: input.role } }, tx)
    }
    return id
  })
  if (!userId) return { ok: false, error: `${normaliseEmail(email.data)} has an account already.` }
  return { ok: true, userId, password }
}

export type PasswordReset =
  | { readonly ok: true; readonly password: string }
  | { readonly ok: false; readonly error: string }

/** Gives an account a new password, lets it in again if it was disabled, and ends its sessions. */
export async function resetUser(email: string, by = 'cli'): Promise<PasswordReset> {
  const user = await findUserByEmail(email)
  if (!user) return { ok: false, error: `${normaliseEmail(email)} has no account.` }
  const password = generatePassword()
  const passwordHash = await hashPassword(password)
  await database().$transaction(async (tx) => {
    await updatePasswordHash(tx, user.id, passwordHash)
    if (user.disabledAt) await updateUserDisabled(tx, user.id, null)
    await endSessionsOf(tx, user.id)
    await audit({ actor: by, action: 'user.reset', subject: user.email }, tx)
  })
  return { ok: true, password }
}

export type AccountChanged =
  | { readonly ok: true; readonly user: UserView }
  | { readonly ok: false; readonly error: string }

export async function changeRole(id: string, role: Role, by: string): Promise<AccountChanged> {
  return changeAccount(id, role !== 'admin', async (tx, user) => {
    await updateUserRole(tx, id, role)
    await audit({ actor: by, action: 'user.role', subject: user.email, details: { from: user.role, to: role } }, tx)
  })
}

/** Keeps somebody out, at once; or lets them in again. */
export async function setDisabled(id: string, disabled: boolean, by: string): Promise<AccountChanged> {
  return changeAccount(id, disabled, async (tx, user) => {
    await updateUserDisabled(tx, id, disabled ? new Date() : null)
    if (disabled) await endSessionsOf(tx, id)
    await audit({ actor: by, action: disabled ? 'user.disable' : 'user.enable', subject: user.email }, tx)
  })
}

async function changeAccount(
  id: string,
  takesAdministrator: boolean,
  change: (tx: Transaction, user: UserView) => Promise<void>,
): Promise<AccountChanged> {
  return database().$transaction(async (tx) => {
    const others = await countOtherAdministrators(tx, id)
    const user = await findUser(id, tx)
    if (!user) return { ok: false, error: 'This account no longer exists.' }
    if (takesAdministrator && user.role === 'admin' && user.disabledAt === null && others === 0) {
      return { ok: false, error: `${user.email} is the only administrator: make somebody else one first.` }
    }
    await change(tx, user)
    return { ok: true, user: (await findUser(id, tx)) ?? user }
  })
}
