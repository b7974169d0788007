import { z } from 'zod'
import type { AjeraConfig } from '#lib/ajera/config'
import { type AjeraErp, createErp } from '#lib/ajera/erp'
import { defaultFieldMap } from '#lib/default-field-map'
import { type HttpPorts, realPorts } from '#lib/http/ports'
import type { HttpAttempt } from '#lib/http/request'
import { sandboxControl } from '#lib/sandbox/control'
import type { ErpKind } from '#lib/sandbox/erp/store'
import { defaultFaults, type FaultPatch, type Hub } from '#lib/sandbox/faults'
import type { JournalEntry } from '#lib/sandbox/journal'
import type { Doc } from '#lib/sandbox/json'
import { startSandbox } from '#lib/sandbox/sandbox'
import type { Erp } from '#lib/sync/ports'
import type { VantagepointConfig } from '#lib/vantagepoint/config'
import { createCrm, type VantagepointCrm } from '#lib/vantagepoint/crm'
import { type AjeraWire, ajeraWire } from './sandbox-clients.ts'

type Side = 'erp' | 'crm'

/** A small sandbox with both connectors on it, and what a test wants to know about the calls that arrived. */
export interface ConnectorBench {
  readonly erpUrl: string
  readonly crmUrl: string
  /** Everything that must appear in no message and no record of a call. */
  readonly secrets: readonly string[]
  readonly calls: readonly (HttpAttempt & { side: Side })[]
  erp(more?: Partial<AjeraConfig>): AjeraErp
  crm(more?: Partial<VantagepointConfig>): VantagepointCrm
  faults(patch: FaultPatch): Promise<void>
  /** All switches as they are on a fresh sandbox. */
  calm(): Promise<void>
  /** An edit by somebody in Ajera. */
  editErp(type: ErpKind, key: number, fields: Doc): Promise<void>
  /** An edit by somebody in Vantagepoint. */
  editCrm(type: Hub, key: string, fields: Doc): Promise<void>
  clearJournal(): Promise<void>
  dropSessions(): Promise<void>
  writes(side: Side): Promise<number>
  /** Arrival times, milliseconds. */
  arrivals(side: Side): Promise<number[]>
  mostInFlight(side: Side): Promise<number>
  /** Queries (Vantagepoint) or arguments (Ajera) of the calls whose name contains the text. */
  queries(side: Side, name: string): Promise<string[]>
  /** Names of the members of the bodies sent. */
  bodies(side: Side, name: string): Promise<(readonly string[])[]>
  /** Rows as Vantagepoint itself answers them, all levels and kinds. */
  crmRows(path: string, columns: string): Promise<Record<string, unknown>[]>
  /** Ajera as it answers anybody who signs in. */
  readonly ajera: AjeraWire
  /** Values of the sensitive fields of Ajera's employees, as it sends them to anybody who asks. */
  erpSecrets(): Promise<string[]>
  someKeys(erp: Erp): Promise<string[]>
  close(): Promise<void>
}

/** Waits take a twentieth of their time; what the other side asked for is still kept by the real clock. */
const hurried: Partial<HttpPorts> = {
  sleep: (milliseconds, signal) => realPorts.sleep(Math.max(1, milliseconds / 20), signal),
  random: () => 0,
}

const SENSITIVE = ['SocialSecurityNumber', 'BirthDate', 'PayrollServiceID', 'PayRates', 'CreditCards']
const rows = z.array(z.record(z.string(), z.unknown()))

function scalarsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(scalarsIn)
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(scalarsIn)
  // Short values (an amount of 41, a gender) also occur where they are no secret.
  return typeof value === 'string' && value.length > 6 ? [value] : []
}

export async function startBench(): Promise<ConnectorBench> {
  const sandbox = await startSandbox({ projects: 120, clients: 40, contacts: 520, employees: 60 })
  const control = sandboxControl(sandbox.controlUrl)
  const { ajera, vantagepoint } = sandbox.credentials
  const calls: (HttpAttempt & { side: Side })[] = []
  const opened: { close(): Promise<void> }[] = []
  const common = {
    concurrency: 4,
    rate: null,
    trusted: true,
    allowedHosts: [],
    fieldMap: defaultFieldMap,
    ports: hurried,
    onCall: (call: HttpAttempt & { side: Side }) => void calls.push(call),
  }

  function keep<T extends { close(): Promise<void> }>(connector: T): T {
    opened.push(connector)
    return connector
  }
  const entries = (side: Side, name?: string): Promise<JournalEntry[]> => control.journal({ system: side, name })

  async function ask(url: string, init: RequestInit): Promise<unknown> {
    const response = await fetch(url, init)
    return response.json()
  }

  return {
    erpUrl: ajera.url,
    crmUrl: vantagepoint.url,
    secrets: [
      ajera.password,
      vantagepoint.password,
      vantagepoint.clientId,
      vantagepoint.clientSecret,
      new URL(ajera.url).search.slice(1),
      'canary',
    ],
    calls,
    ajera: ajeraWire(ajera),
    erp: (more) => keep(createErp({ ...ajera, ...common, ...more })),
    crm: (more) =>
      keep(
        createCrm({ ...vantagepoint, ...common, externalKeyField: 'CustAjeraKey', autoNumbering: 'detect', ...more }),
      ),
    faults: async (patch) => void (await control.setFaults(patch)),
    calm: async () => void (await control.setFaults(defaultFaults())),
    editErp: async (type, key, fields) => void (await control.act({ action: 'edit', side: 'erp', type, key, fields })),
    editCrm: async (type, key, fields) => void (await control.act({ action: 'edit', side: 'crm', type, key, fields })),
    clearJournal: () => control.clearJournal(),
    dropSessions: async () => void (await control.act({ action: 'drop-sessions', side: 'both' })),
    writes: async (side) => (await control.counters())[side].writes,
    arrivals: async (side) => (await entries(side)).map(({ at }) => at),
    mostInFlight: async (side) => (await control.counters())[side].maxInFlight,
    queries: async (side, name) => (await entries(side, name)).map(({ query }) => query),
    bodies: async (side, name) => (await entries(side, name)).map(({ bodyFields }) => bodyFields),
    async crmRows(path, columns) {
      const { url, database, username, password, clientId, clientSecret } = vantagepoint
      const form = {
        grant_type: 'password',
        username,
        password,
        database,
        client_id: clientId,
        client_secret: clientSecret,
      }
      const token = z
        .object({ access_token: z.string() })
        .parse(await ask(`${url}/token`, { method: 'POST', body: new URLSearchParams(form) }))
      const headers = { authorization: `Bearer ${token.access_token}` }
      return rows.parse(await ask(`${url}/${path}?fieldFilter=${columns}`, { headers }))
    },
    async erpSecrets() {
      const post = (body: unknown) => ask(ajera.url, { method: 'POST', body: JSON.stringify(body) })
      const { username, password } = ajera
      const content = <T extends z.ZodType>(schema: T) => z.object({ Content: schema })
      const signIn = await post({ Method: 'CreateAPISession', Username: username, Password: password, APIVersion: 1 })
      const login = content(z.looseObject({ SessionToken: z.string(), ICRConfigFile: z.unknown() })).parse(
        signIn,
      ).Content
      const call = (Method: string, MethodArguments: unknown) =>
        post({ Method, SessionToken: login.SessionToken, MethodArguments })
      const list = content(z.object({ Employees: z.array(z.object({ EmployeeKey: z.number() })) }))
      const keys = list.parse(await call('ListEmployees', {})).Content.Employees.map(({ EmployeeKey }) => EmployeeKey)
      const got = await call('GetEmployees', { RequestedEmployees: keys.slice(0, 50) })
      const employees = content(z.object({ Employees: rows })).parse(got).Content.Employees
      const values = employees.flatMap((employee) => SENSITIVE.flatMap((name) => scalarsIn(employee[name])))
      return [...new Set([...values, ...scalarsIn(login.ICRConfigFile)])]
    },
    someKeys: async (erp) => (await erp.readKeys('project')).slice(0, 50),
    async close() {
      await control.setFaults(defaultFaults())
      await Promise.all(opened.map((each) => each.close()))
      await sandbox.close()
    },
  }
}
