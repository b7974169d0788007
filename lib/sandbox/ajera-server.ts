import { randomUUID } from 'node:crypto'
import { ajeraExpiry } from './clock.ts'
import { type ErpContext, envelope, failure, INVALID_DATA, type Outcome, success } from './erp/envelope.ts'
import {
  getClients,
  getContacts,
  getEmployees,
  getProjects,
  getProjectTemplates,
  getProjectTotals,
  getVendors,
} from './erp/gets.ts'
import { LISTS, list, type Paging } from './erp/lists.ts'
import { updateParties } from './erp/party-writes.ts'
import { createProjects } from './erp/project-creates.ts'
import { updateProjects } from './erp/project-writes.ts'
import { type Answer, htmlPage, type Incoming, type OpenCall } from './gate.ts'
import { type Doc, isDoc, parseJson, textOf } from './json.ts'

/** The Ajera side: one POST endpoint, sessions by API version, an envelope around every answer (ajera-api §1–§7). */
export interface AjeraAccess {
  /** Path of the endpoint, e.g. `/harbor/AjeraAPI.ashx`. */
  readonly path: string
  /** The part after `?`, which the product calls the id. */
  readonly id: string
  readonly username: string
  readonly password: string
  /** Third-party key in the answer to a sign-in, which no client may keep. */
  readonly thirdPartyKey: string
}

type Version = 1 | 2
type Run = (args: Doc, context: ErpContext, version: Version) => Outcome

interface Method {
  readonly versions: readonly Version[]
  readonly run: Run
}

const v1 = (run: Run): Method => ({ versions: [1], run })
const v2 = (run: Run): Method => ({ versions: [2], run })

const METHODS: Readonly<Record<string, Method>> = {
  GetProjects: { versions: [1, 2], run: getProjects },
  GetProjectTemplates: v1(getProjectTemplates),
  GetProjectTotals: v1(getProjectTotals),
  GetClients: v1(getClients),
  GetContacts: v1(getContacts),
  GetEmployees: v1(getEmployees),
  GetVendors: v1(getVendors),
  UpdateClients: v1((args, context) => updateParties('client', args, context)),
  UpdateContacts: v1((args, context) => updateParties('contact', args, context)),
  UpdateEmployees: v1((args, context) => updateParties('employee', args, context)),
  UpdateVendors: v1((args, context) => updateParties('vendor', args, context)),
  UpdateProjects: v2(updateProjects),
  CreateProjects: v2(createProjects),
}

interface Session {
  readonly version: Version
  readonly expires: number
}

export interface AjeraServer {
  open(incoming: Incoming): OpenCall
  dropSessions(): number
}

const SESSION_METHODS = new Set(['CreateAPISession', 'EndAPISession'])

function versionsOf(method: string): readonly Version[] | null {
  if (METHODS[method]) return METHODS[method].versions
  if (!LISTS[method]) return null
  return method === 'ListProjects' ? [1, 2] : [1]
}

function pagingOf(body: Doc): Paging | null {
  const { PageResults = false, PageNumber = 1, PageSize = 10 } = body
  if (typeof PageResults !== 'boolean') return null
  if (typeof PageNumber !== 'number' || typeof PageSize !== 'number') return null
  if (!Number.isInteger(PageNumber) || !Number.isInteger(PageSize) || PageNumber < 1 || PageSize < 1) return null
  return { wanted: PageResults, number: PageNumber, size: PageSize }
}

function createSessions(context: ErpContext, access: AjeraAccess) {
  const sessions = new Map<string, Session>()
  let calls = 0
  return {
    drop(): number {
      const count = sessions.size
      sessions.clear()
      return count
    },
    create(body: Doc): Outcome {
      const version = body.APIVersion
      const known = body.Username === access.username && body.Password === access.password
      if (!known || (version !== 1 && version !== 2)) return failure('Unable to authenticate user', -150)
      const token = randomUUID()
      const expires = context.now() + context.faults().sessionMinutes * 60_000
      sessions.set(token, { version, expires })
      return success({
        CompanyName: 'Harbor Lane Architects + Engineers',
        SessionToken: token,
        SessionExpiration: ajeraExpiry(expires),
        APIURL: access.path,
        AjeraVersion: '9.90.02',
        UsingICRMobile: false,
        EmployeeKey: 1,
        EmployeeName: 'API User',
        CanSubmit: false,
        ICRConfigFile: { Provider: 'receipts', ApiKey: access.thirdPartyKey },
      })
    },
    end(body: Doc): Outcome {
      sessions.delete(textOf(body.SessionToken))
      return success({})
    },
    /** The session of a call; `null` when there is none, it has run out, or the switch has just dropped it. */
    find(body: Doc): Session | null {
      const token = textOf(body.SessionToken)
      const session = sessions.get(token)
      const every = context.faults().dropSessionEvery
      calls++
      if (every > 0 && calls % every === 0) sessions.delete(token)
      if (!session || !sessions.has(token) || session.expires <= context.now()) return null
      return session
    },
  }
}

export function createAjeraServer(context: ErpContext, access: AjeraAccess): AjeraServer {
  const sessions = createSessions(context, access)

  function authorised(method: string, version: Version): Outcome | null {
    const versions = versionsOf(method)
    if (versions === null && context.faults().unknownMethod === 'empty') return success({})
    if (versions === null || context.faults().deniedMethods.includes(method)) {
      return failure(`Unauthorized method: ${method}`)
    }
    if (versions.includes(version)) return null
    const other = version === 1 ? 2 : 1
    return failure(
      `Unauthorized method ${method} for api version ${version} but is supported with api version ${other}`,
    )
  }

  function run(method: string, body: Doc): Outcome {
    if (method === 'CreateAPISession') return sessions.create(body)
    if (method === 'EndAPISession') return sessions.end(body)
    const session = sessions.find(body)
    if (!session) return failure('Invalid Session')
    const refused = authorised(method, session.version)
    if (refused) return refused
    const args = body.MethodArguments ?? {}
    const paging = pagingOf(body)
    if (!isDoc(args) || !paging) return failure(INVALID_DATA)
    return (
      list(method, args, paging, context) ??
      METHODS[method]?.run(args, context, session.version) ??
      failure(INVALID_DATA)
    )
  }

  function reply(incoming: Incoming, body: Doc | null, method: string): Answer {
    const html = { 'Content-Type': 'text/html; charset=utf-8' }
    if (incoming.url.pathname.toLowerCase() !== access.path.toLowerCase()) {
      return { status: 404, headers: html, body: htmlPage('404 Not Found'), wrote: false }
    }
    if (incoming.method !== 'POST')
      return { status: 405, headers: html, body: htmlPage('405 Method Not Allowed'), wrote: false }
    const outcome =
      idOf(incoming) !== access.id
        ? failure('Unable to authenticate user', -150)
        : body
          ? run(method, body)
          : failure(INVALID_DATA)
    const text = JSON.stringify(envelope(outcome, randomUUID()))
    return { status: 200, body: text, wrote: outcome.wrote, responseCode: outcome.code }
  }

  return {
    dropSessions: sessions.drop,
    open(incoming) {
      const parsed = parseJson(incoming.body)
      const body = isDoc(parsed) ? parsed : null
      const method = textOf(body?.Method) || '(none)'
      const args = isDoc(body?.MethodArguments) ? body.MethodArguments : {}
      const signIn = SESSION_METHODS.has(method)
      const identity = {
        name: method,
        group: method,
        signIn,
        query: signIn ? '' : JSON.stringify(args).slice(0, 2000),
        bodyFields: Object.keys(args),
      }
      return { identity, run: () => reply(incoming, body, method) }
    },
  }
}

function idOf(incoming: Incoming): string {
  const at = incoming.target.indexOf('?')
  if (at < 0) return ''
  try {
    return decodeURIComponent(incoming.target.slice(at + 1))
  } catch {
    return ''
  }
}
