import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { z } from 'zod'
import { type Action, type ActionResult, actionSchema } from './actions.ts'
import type { Faults } from './faults.ts'
import type { Journal, JournalFilter } from './journal.ts'
import { parseJson } from './json.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * The control endpoint: switches, journal, snapshots and what people do meanwhile. It listens on loopback, and refuses
 * what a web page in a browser could send: any request with an `Origin`, or for another host name.
 */
export interface Controls {
  readonly journal: Journal
  status(): unknown
  faults(): Faults
  patchFaults(patch: unknown): { readonly ok: true } | { readonly ok: false; readonly problem: string }
  act(action: Action): ActionResult
  snapshot(side: 'erp' | 'crm'): Snapshot
}

interface Reply {
  readonly status: number
  readonly body: unknown
}

const OWN_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/

function isForeign(request: IncomingMessage): boolean {
  return request.headers.origin !== undefined || !OWN_HOST.test(request.headers.host ?? '')
}

function journalFilter(params: URLSearchParams): JournalFilter {
  const system = params.get('system')
  const name = params.get('name')
  const wrote = params.get('wrote')
  const limit = Number(params.get('limit') ?? '')
  return {
    ...(system === 'erp' || system === 'crm' ? { system } : {}),
    ...(name !== null ? { name } : {}),
    ...(wrote !== null ? { wrote: wrote === 'true' } : {}),
    ...(limit > 0 ? { limit } : {}),
  }
}

function act(controls: Controls, body: string): Reply {
  const action = actionSchema.safeParse(parseJson(body))
  if (!action.success) return { status: 400, body: { ok: false, problem: z.prettifyError(action.error) } }
  const result = controls.act(action.data)
  return { status: result.ok ? 200 : 409, body: result }
}

function patch(controls: Controls, body: string): Reply {
  const result = controls.patchFaults(parseJson(body))
  return result.ok ? { status: 200, body: controls.faults() } : { status: 400, body: result }
}

function reply(controls: Controls, method: string, url: URL, body: string): Reply {
  const { journal } = controls
  switch (`${method} ${url.pathname}`) {
    case 'GET /status':
      return { status: 200, body: controls.status() }
    case 'GET /journal':
      return { status: 200, body: journal.entries(journalFilter(url.searchParams)) }
    case 'DELETE /journal':
      journal.clear()
      return { status: 200, body: { ok: true } }
    case 'GET /counters':
      return { status: 200, body: { erp: journal.counters('erp'), crm: journal.counters('crm') } }
    case 'GET /faults':
      return { status: 200, body: controls.faults() }
    case 'PATCH /faults':
      return patch(controls, body)
    case 'POST /act':
      return act(controls, body)
    case 'GET /snapshot/erp':
      return { status: 200, body: controls.snapshot('erp') }
    case 'GET /snapshot/crm':
      return { status: 200, body: controls.snapshot('crm') }
    default:
      return { status: 404, body: { ok: false, problem: `There is no ${method} ${url.pathname}.` } }
  }
}

export function createControlServer(controls: Controls): Server {
  return createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1')
      const answer = isForeign(request)
        ? { status: 403, body: { ok: false, problem: 'The control endpoint answers programs on this machine only.' } }
        : reply(controls, request.method ?? 'GET', url, Buffer.concat(chunks).toString('utf8'))
      response.writeHead(answer.status, { 'Content-Type': 'application/json; charset=utf-8' })
      response.end(JSON.stringify(answer.body))
    })
  })
}
