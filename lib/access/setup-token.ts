import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { database } from '#lib/store/database'
import { ensureInstallation, findInstallation, saveSetupTokenHash } from '#lib/store/installation'
import { insertSession } from '#lib/store/sessions'
import { hasAdministrator, insertUser, type NewUser, normaliseEmail } from '#lib/store/users'
import { audit } from './audit.ts'

/**
 * A new one-time token for `/setup?token=…`, or `null` when an administrator exists. Only its hash is stored, and a
 * token of an earlier start no longer works.
 */
export async function issueSetupToken(): Promise<string | null> {
  return database().$transaction(async (tx) => {
    const installation = await ensureInstallation(tx)
    if (await hasAdministrator(tx)) return null
    const token = randomBytes(24).toString('base64url')
    await saveSetupTokenHash(tx, installation.id, digest(token))
    return token
  })
}

/** `done`: an administrator exists; `open`: this token may create one. */
export type SetupState = 'done' | 'open' | 'wrong-token' | 'no-token'

export async function setupState(token: string | null): Promise<SetupState> {
  if (await hasAdministrator()) return 'done'
  if (!token) return 'no-token'
  const installation = await findInstallation()
  return fits(token, installation?.setupTokenHash ?? null) ? 'open' : 'wrong-token'
}

export type FirstAdministrator =
  | { readonly ok: true; readonly sessionId: string }
  | { readonly ok: false; readonly reason: 'done' | 'wrong-token' | 'address-taken' }

/** Creates the first administrator and their session, and spends the token. Two at once: one wins, one is told. */
export async function createFirstAdministrator(
  token: string,
  person: Omit<NewUser, 'role'>,
): Promise<FirstAdministrator> {
  return database().$transaction(async (tx) => {
    const installation = await ensureInstallation(tx)
    if (await hasAdministrator(tx)) return { ok: false, reason: 'done' }
    if (!fits(token, installation.setupTokenHash)) return { ok: false, reason: 'wrong-token' }
    const userId = await insertUser(tx, { ...person, role: 'admin' })
    if (!userId) return { ok: false, reason: 'address-taken' }
    await saveSetupTokenHash(tx, installation.id, null)
    const sessionId = await insertSession(tx, userId)
    await audit({ actor: normaliseEmail(person.email), action: 'setup.administrator', subject: userId }, tx)
    return { ok: true, sessionId }
  })
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function fits(token: string, hash: string | null): boolean {
  return hash !== null && timingSafeEqual(Buffer.from(digest(token)), Buffer.from(hash))
}
