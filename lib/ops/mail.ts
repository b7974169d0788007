import { connect, type Socket } from 'node:net'
import { createTransport } from 'nodemailer'
import { type AddressRules, checkAddress, isExempt, publicLookup } from '#lib/http/address-check'
import { failureFromTransport } from '#lib/http/failure'
import { scrubText } from './scrub.ts'
import type { Delivery } from './webhook.ts'

export interface MailAccess {
  readonly host: string
  readonly port: number
  /** TLS from the first byte; otherwise STARTTLS. */
  readonly secure: boolean
  readonly username: string | null
  readonly password: string | null
  readonly sender: string
}

export interface Mail {
  /** The same every time a message is tried, so that a mail program shows it once. */
  readonly id: string
  readonly to: string
  readonly subject: string
  /** Paragraphs with an empty line between them. */
  readonly body: string
  /** Where to read on; `null`: the app's own address is not known. */
  readonly link: { readonly label: string; readonly href: string } | null
}

const CONNECT_WITHIN_MILLISECONDS = 10_000
const SILENT_FOR_MILLISECONDS = 15_000
const LONGEST_ANSWER_SHOWN = 160

/**
 * Sends one e-mail. A password is only ever sent over TLS, unless the operator has listed the host
 * (`CROSSWALK_ALLOWED_HOSTS`): then as the server offers. Private addresses need to be listed as well.
 */
export async function sendMail(access: MailAccess, mail: Mail, rules: AddressRules): Promise<Delivery> {
  const url = new URL(`https://${access.host}:${access.port}`)
  const verdict = checkAddress(url, rules)
  if (!verdict.ok) return refused(verdict.detail)
  const isListed = isExempt(url, rules)
  const transport = createTransport({
    host: access.host,
    port: access.port,
    secure: access.secure,
    requireTLS: !access.secure && access.password !== null && !isListed,
    ...(access.username === null ? {} : { auth: { user: access.username, pass: access.password ?? '' } }),
    connectionTimeout: CONNECT_WITHIN_MILLISECONDS,
    greetingTimeout: CONNECT_WITHIN_MILLISECONDS,
    socketTimeout: SILENT_FOR_MILLISECONDS,
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket: (_, callback) => openSocket(access, isListed, callback),
  })
  try {
    await transport.sendMail({
      from: { name: 'Crosswalk', address: access.sender },
      to: mail.to,
      subject: mail.subject,
      text: plainText(mail),
      html: htmlText(mail),
      messageId: `<${mail.id}@${access.sender.split('@')[1] ?? access.host}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
    return { ok: true }
  } catch (error) {
    return { ok: false, problem: mailProblem(error, access) }
  } finally {
    transport.close()
  }
}

/** Connects to the address that was checked: a host name cannot change its mind in between. */
function openSocket(
  { host, port }: MailAccess,
  isListed: boolean,
  callback: (error: Error | null, options?: { connection: Socket }) => void,
): void {
  const socket = connect({ host, port, ...(isListed ? {} : { lookup: publicLookup }) })
  const late = setTimeout(
    () => socket.destroy(Object.assign(new Error('no connection in time'), { code: 'UND_ERR_CONNECT_TIMEOUT' })),
    CONNECT_WITHIN_MILLISECONDS,
  )
  const fail = (error: Error) => {
    clearTimeout(late)
    callback(error)
  }
  socket.once('error', fail)
  socket.once('connect', () => {
    clearTimeout(late)
    socket.off('error', fail)
    callback(null, { connection: socket })
  })
}

function plainText({ body, link }: Mail): string {
  return link === null ? `${body}\n` : `${body}\n\n${link.label}: ${link.href}\n`
}

function htmlText({ body, link }: Mail): string {
  const paragraphs = body.split('\n\n').map((text) => `<p>${escaped(text).replaceAll('\n', '<br>')}</p>`)
  const more = link === null ? [] : [`<p><a href="${escaped(link.href)}">${escaped(link.label)}</a></p>`]
  return [
    '<!doctype html><html lang="en"><body style="font: 15px/1.5 system-ui, sans-serif; max-width: 40em">',
    ...paragraphs,
    ...more,
    '</body></html>',
  ].join('\n')
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
}

interface MailError {
  readonly code?: string
  readonly responseCode?: number
  readonly response?: string
}

/** What nodemailer puts on its errors. It hides the code of a TLS error behind one of its own. */
function toMailError(error: unknown): MailError {
  if (!(error instanceof Error)) return {}
  const known: Error & MailError = error
  const isTls = known.code === 'ESOCKET' && /certificate|altnames|SSL routines/i.test(known.message)
  return isTls ? { code: 'ETLS' } : known
}

/** Why a mail was not sent, as a sentence. What the server said is quoted, but never after a sign-in. */
function mailProblem(error: unknown, access: MailAccess): string {
  const { code = '', responseCode, response } = toMailError(error)
  const status = responseCode === undefined ? '' : ` (${responseCode})`
  switch (code) {
    case 'EAUTH':
    case 'ENOAUTH':
      return `The mail server refused the sign-in${status}: check the user name and the password.`
    case 'ETLS':
      return 'No encrypted connection to the mail server could be made: check port and encryption, and the server’s certificate.'
    case 'EENVELOPE':
      return `The mail server did not accept the sender or the recipient${status}${quoted(response, access)}.`
    case 'EMESSAGE':
    case 'EPROTOCOL':
      return `The mail server did not accept the message${status}${quoted(response, access)}.`
    case 'ETIMEDOUT':
      return 'The mail server did not answer in time.'
  }
  const failure = failureFromTransport(error)
  if (failure.kind === 'address-refused') return refused(failure.message).problem
  return `The mail server could not be reached: ${failure.message}.`
}

function quoted(response: string | undefined, { password }: MailAccess): string {
  const said = scrubText(response?.split('\n')[0]?.trim() ?? '')
  const hidden = password ? said.replaceAll(password, '[hidden]') : said
  return hidden === '' ? '' : `; it says “${hidden.slice(0, LONGEST_ANSWER_SHOWN)}”`
}

function refused(detail: string): { ok: false; problem: string } {
  return {
    ok: false,
    problem: `The address of the mail server was refused: ${detail}. Have the operator add the host to CROSSWALK_ALLOWED_HOSTS.`,
  }
}
