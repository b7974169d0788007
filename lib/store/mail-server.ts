import { database } from './database.ts'

/** The server that e-mail is sent through, as a screen may show it. */
export interface MailServerView {
  readonly host: string
  readonly port: number
  /** TLS from the first byte; otherwise STARTTLS where the server offers it. */
  readonly secure: boolean
  readonly username: string | null
  /** Last two characters of the password; `null`: none is kept. */
  readonly passwordEndsIn: string | null
  readonly sender: string
  readonly changedBy: string
  /** ISO 8601 UTC. */
  readonly changedAt: string
}

/** What sending needs; the password is opened only where the server is called. */
export interface SealedMailServer extends MailServerView {
  readonly sealedPassword: string | null
}

export interface SavedMailServer extends Pick<MailServerView, 'host' | 'port' | 'secure' | 'username' | 'sender'> {
  /** `keep`: the password that is saved stays. */
  readonly password: { readonly sealed: string; readonly endsIn: string } | 'keep' | null
}

export async function findMailServer(): Promise<MailServerView | null> {
  const found = await findSealedMailServer()
  if (!found) return null
  const { sealedPassword: _, ...view } = found
  return view
}

export async function findSealedMailServer(): Promise<SealedMailServer | null> {
  const row = await database().mailServer.findUnique({ where: { id: 1 }, omit: { id: true } })
  return row && { ...row, changedAt: row.changedAt.toISOString() }
}

export async function saveMailServer({ password, ...server }: SavedMailServer, by: string): Promise<void> {
  const kept =
    password === 'keep' ? {} : { sealedPassword: password?.sealed ?? null, passwordEndsIn: password?.endsIn ?? null }
  const data = { ...server, ...kept, changedBy: by }
  await database().mailServer.upsert({ where: { id: 1 }, create: { id: 1, ...data }, update: data })
}
