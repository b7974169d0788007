import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A real mail server and a real receiver of webhooks on loopback, for tests of notifications. */

export const MAIL_USER = 'crosswalk'
export const MAIL_PASSWORD = 'correct-horse-battery-staple'

export interface ReceivedMail {
  readonly to: readonly string[]
  readonly subject: string
  readonly id: string
  /** Headers and both bodies as sent, with soft line breaks joined. */
  readonly raw: string
}

export interface MailRoom {
  readonly port: number
  readonly mails: readonly ReceivedMail[]
  /** Recipients that are refused, as an unknown mailbox is. */
  readonly unknown: Set<string>
  close(): Promise<void>
}

/** `port`: to come back on the one where it was before. `secure`: TLS with a certificate that nobody vouches for. */
export async function openMailRoom({ port = 0, secure = false } = {}): Promise<MailRoom> {
  const mails: ReceivedMail[] = []
  const unknown = new Set<string>()
  const server = new SMTPServer({
    secure,
    // It would warn of its own certificate, which is what the test is about.
    logger: false,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth({ username, password }, _, callback) {
      if (username === MAIL_USER && password === MAIL_PASSWORD) callback(null, { user: username })
      else callback(Object.assign(new Error(`bad password ${password} for ${username}`), { responseCode: 535 }))
    },
    onRcptTo({ address }, _, callback) {
      if (unknown.has(address)) callback(Object.assign(new Error('no such mailbox'), { responseCode: 550 }))
      else callback()
    },
    onData(stream, { envelope }, callback) {
      let raw = ''
      stream.on('data', (chunk: Buffer) => {
        raw += chunk.toString('utf8')
      })
      stream.on('end', () => {
        const joined = raw.replaceAll('=\r\n', '').replaceAll('\r\n ', ' ')
        const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(joined)?.[1]?.trim() ?? ''
        const to = envelope.rcptTo.map(({ address }) => address)
        mails.push({ to, subject: header('Subject'), id: header('Message-ID'), raw: joined })
        callback()
      })
    },
  })
  // A client that gives up on a certificate is no fault of the server.
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    unknown,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

export interface ReceivedCall {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Receiver {
  readonly url: string
  /** `host:port`. */
  readonly host: string
  readonly calls: readonly ReceivedCall[]
  /** What it answers from now on. */
  answer(status: number, headers?: Record<string, string>): void
  /** Forgets its calls and answers 204 again. */
  reset(): void
  close(): Promise<void>
}

export async function openReceiver(): Promise<Receiver> {
  const calls: ReceivedCall[] = []
  let answer: { status: number; headers: Record<string, string> } = { status: 204, headers: {} }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8')
    })
    request.on('end', () => {
      calls.push({ headers: request.headers, body })
      response.writeHead(answer.status, answer.headers).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}/hooks/crosswalk`,
    host,
    calls,
    answer(status, headers = {}) {
      answer = { status, headers }
    },
    reset() {
      calls.length = 0
      answer = { status: 204, headers: {} }
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
