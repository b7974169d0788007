import { createHash } from 'node:crypto'
import { setTimeout as timer } from 'node:timers/promises'
import { createErp } from '#lib/ajera/erp'
import { fieldMapOf } from '#lib/connection-field-map'
import { defaultFieldMap } from '#lib/default-field-map'
import { type Ports, RunBroken } from '#lib/engine/context'
import { createWeather, type Weather } from '#lib/http/weather'
import { type Environment, readEnvironment, type SandboxAccess } from '#lib/ops/env'
import { OperatorProblem } from '#lib/ops/operator-problem'
import { open, seal } from '#lib/ops/secrets'
import {
  type ConnectionSettings,
  type ConnectionView,
  CREDENTIAL_FIELDS,
  type CredentialField,
  conflictPolicyOf,
  currentConnection,
  DEFAULT_SETTINGS,
  findConnection,
  findSealedCredentials,
  listConnections,
  type SealedCredentials,
  saveConnection,
} from '#lib/store/connections'
import { installationId } from '#lib/store/installation'
import type { FieldMap } from '#lib/sync/field-map'
import { type CheckFinding, RemoteFailure } from '#lib/sync/ports'
import { problemCodes } from '#lib/sync/problems'
import { createCrm } from '#lib/vantagepoint/crm'

/**
 * The composition root: what the environment or the database says of a connection becomes the two ports that the
 * engine works with. Credentials are opened here, and only when calls are about to be made.
 */

export type Credentials = Readonly<Record<CredentialField, string>>

/** The sandbox answers from this machine: a newcomer's first run should take seconds, not the minutes of a real ERP. */
const SANDBOX_SETTINGS: Partial<ConnectionSettings> = { erpRate: 500, graceSeconds: 5 }

function environment(): Environment {
  const read = readEnvironment(process.env)
  if (!read.ok) throw new OperatorProblem(read.problem)
  return read.environment
}

/**
 * Brings the connection that the environment gives, or the sandbox pair of a first start, into the database. Answers
 * the connection that runs and screens work with, or `null` when there is none yet.
 */
export async function prepareConnection(): Promise<ConnectionView | null> {
  const { connection, settings, sandbox } = environment()
  if (connection) {
    await saveConnection({
      name: `${connection.crmDatabase} (environment)`,
      origin: 'environment',
      fingerprint: fingerprintOf(connection),
      credentials: {},
      settings,
    })
    return currentConnection()
  }
  const current = await currentConnection()
  const usable = current !== null && current.origin === 'screen'
  if (usable || !sandbox) return current?.origin === 'environment' ? null : current
  await saveSandbox(sandbox)
  return currentConnection()
}

async function saveSandbox(sandbox: SandboxAccess): Promise<void> {
  const { ajera, vantagepoint } = sandbox.credentials
  const credentials: Credentials = {
    erpUrl: ajera.url,
    erpUsername: ajera.username,
    erpPassword: ajera.password,
    crmUrl: vantagepoint.url,
    crmDatabase: vantagepoint.database,
    crmClientId: vantagepoint.clientId,
    crmClientSecret: vantagepoint.clientSecret,
    crmUsername: vantagepoint.username,
    crmPassword: vantagepoint.password,
  }
  const fingerprint = fingerprintOf(credentials)
  const known = (await listConnections()).some((one) => one.origin === 'sandbox' && one.fingerprint === fingerprint)
  await saveConnection({
    name: 'Sandbox',
    origin: 'sandbox',
    fingerprint,
    credentials: sealAll(credentials, fingerprint, 'npm start'),
    settings: known ? {} : SANDBOX_SETTINGS,
  })
}

/** Names the two databases that are paired, wherever they are served from (docs/decisions/0002). */
function fingerprintOf(credentials: Pick<Credentials, 'erpUrl' | 'crmDatabase'>): string {
  const erpDatabase = new URL(credentials.erpUrl).search
  return createHash('sha256').update(`${erpDatabase}|${credentials.crmDatabase}`).digest('hex')
}

function sealAll(credentials: Credentials, fingerprint: string, by: string): SealedCredentials {
  const setAt = new Date().toISOString()
  const sealed = CREDENTIAL_FIELDS.map((field) => {
    const value = credentials[field]
    return [
      field,
      { sealed: seal(value, `${fingerprint}:${field}`), endsIn: value.slice(-2), setAt, setBy: by },
    ] as const
  })
  return Object.fromEntries(sealed) as Record<CredentialField, SealedCredentials[CredentialField]>
}

async function credentialsOf(connection: ConnectionView): Promise<Credentials> {
  if (connection.origin === 'environment') {
    const given = environment().connection
    if (given && fingerprintOf(given) === connection.fingerprint) return given
    throw new OperatorProblem(
      `The connection "${connection.name}" is given by environment variables, which this process was started without.`,
    )
  }
  const sealed = await findSealedCredentials(connection.id)
  const opened = CREDENTIAL_FIELDS.map((field) => {
    const one = sealed[field]
    return [field, one ? open(one.sealed, `${connection.fingerprint}:${field}`) : ''] as const
  })
  return Object.fromEntries(opened) as Record<CredentialField, string>
}

/** The ports of a saved connection, for the engine: what the operator can mend ends a run with its sentence. */
export async function openPorts(connectionId: string): Promise<Ports> {
  try {
    return await portsOf(connectionId)
  } catch (error) {
    throw error instanceof OperatorProblem ? new RunBroken(problemCodes.runBroke, error.message) : error
  }
}

/** Both systems of a saved connection as a field map shows them; they hold sockets until they are closed. */
export async function openSystems(connection: ConnectionView, fieldMap: FieldMap, onCall?: OnCall) {
  const how = { fieldMap, trusted: connection.origin !== 'screen', onCall, connectionId: connection.id }
  return createSystems(await credentialsOf(connection), connection.settings, how)
}

async function portsOf(connectionId: string): Promise<Ports> {
  const connection = await findConnection(connectionId)
  if (!connection) throw new OperatorProblem(`The connection ${connectionId} does not exist any more.`)
  const counts = { erp: 0, crm: 0 }
  const fieldMap = await fieldMapOf(connectionId)
  const { erp, crm } = await openSystems(connection, fieldMap, (side) => {
    counts[side] += 1
  })
  return {
    erp,
    crm,
    fieldMap,
    settings: { ...connection.settings, conflictPolicy: conflictPolicyOf(connection.settings) },
    waitSeconds: { first: 30, longest: 120 },
    installationId: await installationId(),
    callCounts: () => ({ ...counts }),
    sleep: async (milliseconds, signal) => {
      await timer(milliseconds, undefined, { signal })
    },
    close: async () => {
      await Promise.all([erp.close(), crm.close()])
    },
  }
}

/** What the APIs of each connection have shown of themselves, for as long as this process lives. */
const holder = globalThis as { crosswalkWeather?: Map<string, Weather> }

function weatherOf(connectionId: string, side: 'erp' | 'crm'): Weather {
  holder.crosswalkWeather ??= new Map()
  const key = `${connectionId}:${side}`
  const weather = holder.crosswalkWeather.get(key) ?? createWeather()
  holder.crosswalkWeather.set(key, weather)
  return weather
}

type OnCall = (side: 'erp' | 'crm') => void

function createSystems(
  credentials: Credentials,
  settings: ConnectionSettings,
  how: {
    readonly fieldMap: FieldMap
    readonly trusted: boolean
    readonly onCall?: OnCall
    /** Of a saved connection. */
    readonly connectionId?: string
  },
) {
  const { allowedHosts } = environment()
  const { trusted, fieldMap, connectionId } = how
  const weather = (side: 'erp' | 'crm') => (connectionId === undefined ? undefined : weatherOf(connectionId, side))
  const shared = { trusted, allowedHosts, fieldMap, onCall: toObserver(how.onCall) }
  const erp = createErp({
    url: credentials.erpUrl,
    username: credentials.erpUsername,
    password: credentials.erpPassword,
    concurrency: settings.erpConcurrency,
    rate: settings.erpRate,
    weather: weather('erp'),
    ...shared,
  })
  const crm = createCrm({
    url: credentials.crmUrl,
    database: credentials.crmDatabase,
    clientId: credentials.crmClientId,
    clientSecret: credentials.crmClientSecret,
    username: credentials.crmUsername,
    password: credentials.crmPassword,
    concurrency: settings.crmConcurrency,
    rate: settings.crmRate,
    externalKeyField: settings.externalKeyField,
    autoNumbering: settings.autoNumbering,
    weather: weather('crm'),
    ...shared,
  })
  return { erp, crm }
}

function toObserver(onCall?: OnCall) {
  return (call: { readonly side: 'erp' | 'crm' }) => onCall?.(call.side)
}

/** The check list of a saved connection: screen, `doctor`. */
export async function checkConnection(connectionId: string): Promise<CheckFinding[]> {
  const connection = await findConnection(connectionId)
  if (!connection) throw new OperatorProblem(`The connection ${connectionId} does not exist any more.`)
  const how = { fieldMap: await fieldMapOf(connectionId), trusted: connection.origin !== 'screen' }
  return check(await credentialsOf(connection), connection.settings, how)
}

/** What the connection screen sends: an empty secret keeps the saved one. */
export interface ConnectionDraft {
  readonly credentials: Credentials
  readonly settings: Partial<ConnectionSettings>
}

/** The check list of access that is not saved yet. Empty secrets are taken from the current connection. */
export async function checkDraft(draft: ConnectionDraft): Promise<CheckFinding[]> {
  const credentials = await completed(draft.credentials)
  return check(credentials, { ...DEFAULT_SETTINGS, ...draft.settings }, { fieldMap: defaultFieldMap, trusted: false })
}

/** Seals and saves access entered on the screen and makes it the current connection. Answers its id. */
export async function saveDraft(draft: ConnectionDraft, by: string): Promise<string> {
  const credentials = await completed(draft.credentials)
  const fingerprint = fingerprintOf(credentials)
  return saveConnection({
    name: credentials.crmDatabase,
    origin: 'screen',
    fingerprint,
    credentials: sealAll(credentials, fingerprint, by),
    settings: draft.settings,
  })
}

async function completed(entered: Credentials): Promise<Credentials> {
  const current = await currentConnection()
  if (current?.origin !== 'screen') return entered
  const saved = await credentialsOf(current)
  const fields = CREDENTIAL_FIELDS.map(
    (field) => [field, entered[field] === '' ? saved[field] : entered[field]] as const,
  )
  return Object.fromEntries(fields) as Record<CredentialField, string>
}

async function check(
  credentials: Credentials,
  settings: ConnectionSettings,
  how: { readonly fieldMap: FieldMap; readonly trusted: boolean },
): Promise<CheckFinding[]> {
  const { erp, crm } = createSystems(credentials, settings, how)
  try {
    const findings = await Promise.all([safely('erp', () => erp.check()), safely('crm', () => crm.check())])
    return findings.flat()
  } finally {
    await Promise.all([erp.close(), crm.close()])
  }
}

async function safely(side: 'erp' | 'crm', run: () => Promise<CheckFinding[]>): Promise<CheckFinding[]> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof RemoteFailure)) throw error
    return [{ check: 'reachable', side, level: 'error', message: error.message }]
  }
}
