import { addUser, emailAddress, resetUser } from '#lib/access/accounts'
import type { Role } from '#lib/access/roles'
import { usageProblem } from './arguments.ts'
import { note, printLine } from './output.ts'
import { withSession } from './session.ts'

/** `users add EMAIL --role R`: an account with a generated password, shown this once. */
export function addAccount(email: string, role: Role): Promise<number> {
  requireEmailAddress(email)
  return withSession(async () => {
    const added = await addUser({ email, role, by: 'cli' })
    return tellPassword(email, added)
  })
}

/** `users reset EMAIL`: a new password; every session of the account ends. */
export function resetAccount(email: string): Promise<number> {
  requireEmailAddress(email)
  return withSession(async () => tellPassword(email, await resetUser(email, 'cli')))
}

function requireEmailAddress(text: string): void {
  if (!emailAddress.safeParse(text).success) throw usageProblem(`${text} is not an e-mail address.`)
}

async function tellPassword(
  email: string,
  result: { readonly ok: true; readonly password: string } | { readonly ok: false; readonly error: string },
): Promise<number> {
  if (!result.ok) {
    note(result.error)
    return 1
  }
  await printLine(`E-mail    ${email.trim()}`)
  await printLine(`Password  ${result.password}`)
  note('This password is shown only now. Hand it over in person.')
  return 0
}
