import { database } from '#lib/store/database'
import { endSession, insertSession } from '#lib/store/sessions'
import { findUserSecret, normaliseEmail, updatePasswordHash } from '#lib/store/users'
import { audit } from './audit.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { PASSWORD_LENGTH } from './password-rule.ts'
import { admitAttempt, pardonAttempt } from './throttle.ts'

export type SignedIn =
  | { readonly ok: true; readonly sessionId: string; readonly userId: string }
  | { readonly ok: false; readonly reason: 'refused' | 'throttled' }

/**
 * Checks e-mail address and password and opens a session. An unknown address, a disabled account and a wrong password
 * give the same answer after the same work. Attempts are counted per account and address, account, address, and in all.
 */
export async function signIn(email: string, password: string, address: string): Promise<SignedIn> {
  const account = normaliseEmail(email)
  const attempt = { purpose: 'sign-in', account, address }
  if (!(await admitAttempt(attempt))) return { ok: false, reason: 'throttled' }
  const user = account.length <= 320 ? await findUserSecret(account) : null
  const stored = user && user.disabledAt === null ? user.passwordHash : null
  const verdict = await verifyPassword(password.slice(0, PASSWORD_LENGTH.most * 2), stored)
  if (!user || !verdict.matches) {
    if (user) await audit({ actor: user.email, action: 'sign-in.refused', subject: user.id, details: { address } })
    return { ok: false, reason: 'refused' }
  }
  await pardonAttempt(attempt)
  const better = verdict.needsRehash ? await hashPassword(password) : null
  const sessionId = await database().$transaction(async (tx) => {
    if (better) await updatePasswordHash(tx, user.id, better)
    const id = await insertSession(tx, user.id)
    await audit({ actor: user.email, action: 'sign-in', subject: user.id, details: { address } }, tx)
    return id
  })
  return { ok: true, sessionId, userId: user.id }
}

/** Ends the session at once, in every tab. */
export async function signOut(session: { readonly sessionId: string; readonly email: string }): Promise<void> {
  await database().$transaction(async (tx) => {
    if (await endSession(tx, session.sessionId)) await audit({ actor: session.email, action: 'sign-out' }, tx)
  })
}
