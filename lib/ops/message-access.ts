import { randomBytes, randomUUIDv7 } from 'node:crypto'
import { insertChannel, type NewChannel, updateChannel } from '#lib/store/channels'
import { findSealedMailServer, type SavedMailServer, saveMailServer } from '#lib/store/mail-server'
import type { MailAccess } from './mail.ts'
import { open, seal } from './secrets.ts'

/** The secrets of notifications: sealed here, and opened only when a message is about to be sent. */

const MAIL_PASSWORD = 'mail-server:password'
const SECRET_BYTES = 24

/** Saves the mail server. `password`: empty keeps the saved one, or none where there is no user name. */
export async function saveMailAccess(
  server: Omit<SavedMailServer, 'password'>,
  password: string,
  by: string,
): Promise<void> {
  await saveMailServer({ ...server, password: server.username === null ? null : sealedPassword(password) }, by)
}

function sealedPassword(password: string): SavedMailServer['password'] {
  return password === '' ? 'keep' : { sealed: seal(password, MAIL_PASSWORD), endsIn: password.slice(-2) }
}

/** `null`: none has been entered. Throws OperatorProblem when the password cannot be opened. */
export async function openMailAccess(): Promise<MailAccess | null> {
  const server = await findSealedMailServer()
  if (!server) return null
  const { host, port, secure, username, sender, sealedPassword } = server
  return {
    host,
    port,
    secure,
    username,
    sender,
    password: sealedPassword === null ? null : open(sealedPassword, MAIL_PASSWORD),
  }
}

/** Adds a channel. Answers its id, and the secret that a webhook's requests are signed with: shown once. */
export async function addChannel(
  channel: Omit<NewChannel, 'id' | 'sealedSecret'>,
): Promise<{ id: string; secret: string | null }> {
  const id = randomUUIDv7()
  const secret = channel.kind === 'webhook' ? newSecret() : null
  await insertChannel({ ...channel, id, sealedSecret: secret === null ? null : seal(secret, aadOf(id)) })
  return { id, secret }
}

/** A new secret in place of the old one, which is worth nothing from now on; `null`: there is no such channel. */
export async function renewSecret(channelId: string): Promise<string | null> {
  const secret = newSecret()
  return (await updateChannel(channelId, { sealedSecret: seal(secret, aadOf(channelId)) })) ? secret : null
}

export function openSecret(channel: { readonly id: string; readonly sealedSecret: string | null }): string {
  return channel.sealedSecret === null ? '' : open(channel.sealedSecret, aadOf(channel.id))
}

function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64url')}`
}

function aadOf(channelId: string): string {
  return `notification-channel:${channelId}`
}
