import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { CallFaults } from './faults.ts'
import type { Journal, JournalEntry, System } from './journal.ts'
import type { Random } from './random.ts'

/**
 * What stands before both systems: journal, latency, limits and every fault that is none of the vendor's own
 * behaviour. The systems behind it only turn a request into an answer.
 */
export interface Incoming {
  readonly method: string
  /** Path and query as sent. */
  readonly target: string
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Identity {
  readonly name: string
  readonly group: string
  readonly signIn: boolean
  readonly query: string
  readonly bodyFields: readonly string[]
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body: string
  /** Did the call change a record? */
  readonly wrote: boolean
  readonly responseCode?: number
}

/** A call that was understood but not yet executed. */
export interface OpenCall {
  readonly identity: Identity
  run(): Answer
}

export interface GateOptions {
  readonly system: System
  /** The live switches; counts run down in place. */
  readonly faults: () => CallFaults
  readonly journal: Journal
  readonly random: Random
  readonly open: (incoming: Incoming) => OpenCall
}

export const HTML = { 'Content-Type': 'text/html; charset=utf-8' } as const
const BODY_LIMIT = 20_000_000
const JSON_TYPE = 'application/json; charset=utf-8'

export function htmlPage(title: string): string {
  return `<!DOCTYPE html>\n<html><head><title>${title}</title></head>\n<body><center><h1>${title}</h1></center></body></html>\n`
}

type Counter =
  | 'htmlErrors'
  | 'unavailable'
  | 'htmlPages'
  | 'truncated'
  | 'cutConnections'
  | 'hanging'
  | 'lostAnswers'
  | 'lyingErrors'

function take(faults: CallFaults, counter: Counter): boolean {
  if (faults[counter] <= 0) return false
  faults[counter]--
  return true
}

/** Answered instead of the call, which is then not executed. */
function refusal(faults: CallFaults, hit: boolean, limited: boolean): Answer | 'hang' | null {
  if (limited && faults.rateLimit) {
    const { retryAfterSeconds, form, status } = faults.rateLimit
    const until = new Date(Math.ceil(Date.now() / 1000 + retryAfterSeconds) * 1000)
    const after = form === 'date' ? until.toUTCString() : String(retryAfterSeconds)
    const body = JSON.stringify({ Message: 'Too many requests.' })
    return { status, headers: { 'Content-Type': JSON_TYPE, 'Retry-After': after }, body, wrote: false }
  }
  if (!hit) return null
  if (take(faults, 'hanging')) return 'hang'
  if (take(faults, 'htmlErrors')) return { status: 502, headers: HTML, body: htmlPage('502 Bad Gateway'), wrote: false }
  if (take(faults, 'unavailable')) {
    const headers = { ...HTML, 'Retry-After': '1' }
    return { status: 503, headers, body: htmlPage('503 Service Unavailable'), wrote: false }
  }
  return null
}

type Mangled = { readonly answer: Answer; readonly delivery: 'whole' | 'none' | 'half' }

/** What happens to the answer of a call that was executed. */
function mangle(faults: CallFaults, random: Random, answer: Answer, hit: boolean): Mangled {
  if (!hit) return { answer, delivery: 'whole' }
  if (answer.wrote) {
    const lost =
      take(faults, 'lostAnswers') || (faults.lostAnswerProbability > 0 && random.chance(faults.lostAnswerProbability))
    if (lost) return { answer, delivery: 'none' }
    const lies =
      take(faults, 'lyingErrors') || (faults.lyingErrorProbability > 0 && random.chance(faults.lyingErrorProbability))
    if (lies)
      return { answer: { ...answer, status: 502, headers: HTML, body: htmlPage('502 Bad Gateway') }, delivery: 'whole' }
  }
  if (take(faults, 'htmlPages')) {
    return { answer: { ...answer, status: 200, headers: HTML, body: htmlPage('Please sign in') }, delivery: 'whole' }
  }
  if (take(faults, 'truncated')) {
    return { answer: { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) }, delivery: 'whole' }
  }
  return { answer, delivery: take(faults, 'cutConnections') ? 'half' : 'whole' }
}

function readBody(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= BODY_LIMIT) chunks.push(chunk)
    })
    request.on('end', () => resolve(size > BODY_LIMIT ? null : Buffer.concat(chunks).toString('utf8')))
    request.on('error', () => resolve(null))
    request.on('close', () => resolve(null))
  })
}

function send(response: ServerResponse, faults: CallFaults, { answer, delivery }: Mangled, entry: JournalEntry): void {
  entry.wrote = answer.wrote
  entry.responseCode = answer.responseCode ?? null
  if (delivery === 'none') {
    entry.status = -1
    response.socket?.destroy()
    return
  }
  const body = Buffer.from(answer.body, 'utf8')
  for (const [name, value] of Object.entries(answer.headers ?? { 'Content-Type': JSON_TYPE })) {
    response.setHeader(name, typeof value === 'string' ? value : [...value])
  }
  response.setHeader('Date', new Date(Date.now() + faults.clockSkewSeconds * 1000).toUTCString())
  response.setHeader('Content-Length', body.length)
  entry.status = answer.status
  entry.bytes = body.length
  response.writeHead(answer.status)
  if (delivery === 'whole') {
    response.end(body)
    return
  }
  entry.status = -1
  response.write(body.subarray(0, Math.max(1, Math.floor(body.length / 2))), () => response.socket?.destroy())
}

/** Refuses what goes beyond the set rate, counting accepted calls of the last second. */
function createLimit(): (faults: CallFaults) => boolean {
  const accepted: number[] = []
  return (faults) => {
    const now = Date.now()
    while (accepted.length > 0 && now - (accepted[0] ?? now) >= 1000) accepted.shift()
    if (!faults.rateLimit) return false
    if (accepted.length >= faults.rateLimit.perSecond) return true
    accepted.push(now)
    return false
  }
}

/** An HTTP server for one system. A throw behind it is a defect of the sandbox: reported, and answered with 500. */
export function createGate({ system, faults, journal, random, open }: GateOptions): Server {
  let inFlight = 0
  const isLimited = createLimit()

  async function answerCall(
    request: IncomingMessage,
    response: ServerResponse,
    at: number,
    flying: number,
  ): Promise<void> {
    const body = await readBody(request)
    if (body === null) {
      response.socket?.destroy()
      return
    }
    const target = request.url ?? '/'
    const url = new URL(target, 'http://127.0.0.1')
    const incoming: Incoming = { method: request.method ?? 'GET', target, url, headers: request.headers, body }
    const { identity, run } = open(incoming)
    const entry = journal.arrive(system, { ...identity, method: incoming.method, at, inFlight: flying })
    const switches = faults()
    if (switches.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, switches.latencyMs))
    const hit = switches.only === '' ? !identity.signIn : identity.name.includes(switches.only)
    const refused = refusal(switches, hit, isLimited(switches))
    if (refused === 'hang') {
      await new Promise((resolve) => response.on('close', resolve))
      entry.status = -1
    } else {
      send(
        response,
        switches,
        refused ? { answer: refused, delivery: 'whole' } : mangle(switches, random, run(), hit),
        entry,
      )
    }
    journal.finish(entry)
  }

  return createServer((request, response) => {
    inFlight++
    let landed = false
    const land = (): void => {
      if (!landed) inFlight--
      landed = true
    }
    response.on('finish', land)
    response.on('close', land)
    answerCall(request, response, Date.now(), inFlight).catch((error: unknown) => {
      console.error('The sandbox could not answer a request:', error)
      if (response.headersSent) response.socket?.destroy()
      else
        response
          .writeHead(500, { 'Content-Type': JSON_TYPE })
          .end('{"Message":"Object reference not set to an instance of an object."}')
    })
  })
}
