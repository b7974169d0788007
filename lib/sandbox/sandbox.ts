import type { Server } from 'node:http'
import { type Action, type ActionResult, advance, editAddress, onCrm, onErp, setTotals } from './actions.ts'
import { createAjeraServer } from './ajera-server.ts'
import { createControlServer } from './control-server.ts'
import { type CrmContext, indexExternalKeys } from './crm/store.ts'
import { type Database, openDatabase, readMeta, writeMeta } from './database.ts'
import type { ErpContext } from './erp/envelope.ts'
import { defaultFaults, type FaultPatch, type Faults, patchFaults } from './faults.ts'
import { DEFAULT_SIZE, type FirmSize } from './firm/mix.ts'
import { makeFirm, storeFirm } from './firm.ts'
import { createGate } from './gate.ts'
import { createJournal } from './journal.ts'
import { createRandom } from './random.ts'
import { accessOf, CRM_BASE, credentialsOf, type SandboxCredentials } from './sandbox-access.ts'
import { crmSnapshot, erpSnapshot } from './snapshot.ts'
import { createVantagepointServer } from './vantagepoint-server.ts'

export type { SandboxCredentials } from './sandbox-access.ts'

/** The pair of sandbox systems in one process: Ajera, Vantagepoint and their control, all on loopback. */
export interface SandboxOptions extends Partial<FirmSize> {
  /** The same seed makes the same firm; default 1. */
  readonly seed?: number
  /** 0 or absent: any free port. */
  readonly ports?: { readonly erp?: number; readonly crm?: number; readonly control?: number }
  /** State that survives restarts; absent or null: in memory. A file that holds a firm already keeps it. */
  readonly stateFile?: string | null
  readonly faults?: FaultPatch
}

export interface Sandbox {
  readonly erpUrl: string
  readonly crmUrl: string
  readonly controlUrl: string
  readonly credentials: SandboxCredentials
  close(): Promise<void>
}

const HOST = '127.0.0.1'

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, resolve)
  })
  const address = server.address()
  return `http://${HOST}:${typeof address === 'object' && address !== null ? address.port : port}`
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function storedSize(database: Database): FirmSize {
  const stored: Partial<FirmSize> = JSON.parse(readMeta(database, 'size') ?? '{}')
  return { ...DEFAULT_SIZE, ...stored }
}

function refill(database: Database, seed: number, size: FirmSize, faults: Faults): void {
  database.transaction(() => {
    storeFirm(database, makeFirm(seed, size), faults.crm.externalKeyField)
    writeMeta(database, 'size', JSON.stringify(size))
    writeMeta(database, 'seed', String(seed))
  })
}

function sizeOf(base: FirmSize, wanted: Partial<FirmSize>): FirmSize {
  return {
    projects: wanted.projects ?? base.projects,
    clients: wanted.clients ?? base.clients,
    contacts: wanted.contacts ?? base.contacts,
    employees: wanted.employees ?? base.employees,
  }
}

interface Systems {
  readonly database: Database
  readonly faults: () => Faults
  readonly erp: ErpContext
  readonly crm: CrmContext
  readonly dropSessions: { erp(): number; crm(): number }
}

function act(systems: Systems, action: Action): ActionResult {
  const { database, erp, crm, dropSessions } = systems
  const seed = Number(readMeta(database, 'seed'))
  if (action.action === 'advance') return advance(erp, seed, action.days)
  if (action.action === 'set-totals') return setTotals(erp, action.key, action.totals)
  if (action.action === 'edit-address') return editAddress(crm, action.client, action.fields)
  if (action.action === 'drop-sessions') {
    const dropped = (action.side === 'crm' ? 0 : dropSessions.erp()) + (action.side === 'erp' ? 0 : dropSessions.crm())
    return { ok: true, key: null, count: dropped }
  }
  if (action.action === 'reset') {
    refill(database, action.seed ?? seed, sizeOf(storedSize(database), action), systems.faults())
    return { ok: true, key: null, count: 1 }
  }
  return action.side === 'erp' ? onErp(erp, action) : onCrm(crm, action)
}

interface State {
  faults: Faults
}

function patchState(state: State, database: Database, patch: unknown): ReturnType<typeof patchFaults> {
  const change = patchFaults(state.faults, patch)
  if (!change.ok) return change
  const renamed = change.faults.crm.externalKeyField !== state.faults.crm.externalKeyField
  state.faults = change.faults
  if (renamed) indexExternalKeys(database, change.faults.crm.externalKeyField)
  return change
}

function contextsOf(state: State, database: Database): { erp: ErpContext; crm: CrmContext } {
  const skewed = (seconds: number): number => Date.now() + seconds * 1000
  const erp: ErpContext = {
    database,
    faults: () => state.faults.erp,
    now: () => skewed(state.faults.erp.clockSkewSeconds),
  }
  const crm: CrmContext = {
    database,
    faults: () => state.faults.crm,
    now: () => skewed(state.faults.crm.clockSkewSeconds),
  }
  return { erp, crm }
}

/** The firm of the state, made now if there is none; answers the seed that the credentials are made from. */
function fill(database: Database, options: SandboxOptions, faults: Faults): number {
  if (readMeta(database, 'seed') === null) {
    const seed = options.seed ?? 1
    refill(database, seed, sizeOf(DEFAULT_SIZE, options), faults)
    writeMeta(database, 'access', String(seed))
  }
  return Number(readMeta(database, 'access'))
}

/** Starts the pair. Throws when a switch is wrong, a port is taken or the state file cannot be opened. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const patched = patchFaults(defaultFaults(), options.faults ?? {})
  if (!patched.ok) throw new Error(`The sandbox switches are wrong: ${patched.problem}`)
  const state: State = { faults: patched.faults }
  const database = openDatabase(options.stateFile ?? null)
  const accessSeed = fill(database, options, state.faults)
  const access = accessOf(accessSeed)
  const journal = createJournal()
  const random = createRandom(accessSeed + 1)
  const { erp, crm } = contextsOf(state, database)
  const ajera = createAjeraServer(erp, access.ajera)
  const vantagepoint = createVantagepointServer(crm, access.vantagepoint, CRM_BASE)
  const dropSessions = { erp: ajera.dropSessions, crm: vantagepoint.dropSessions }
  const systems: Systems = { database, faults: () => state.faults, erp, crm, dropSessions }
  const status = { erpUrl: '', crmUrl: '', credentials: credentialsOf(access, '', '') }

  const erpServer = createGate({ system: 'erp', faults: erp.faults, journal, random, open: ajera.open })
  const crmServer = createGate({ system: 'crm', faults: crm.faults, journal, random, open: vantagepoint.open })
  const controlServer = createControlServer({
    journal,
    status: () => ({ ...status, seed: Number(readMeta(database, 'seed')) }),
    faults: () => state.faults,
    patchFaults: (patch) => patchState(state, database, patch),
    act: (action) => act(systems, action),
    snapshot: (side) => (side === 'erp' ? erpSnapshot(database) : crmSnapshot(crm)),
  })
  const shut = async (): Promise<void> => {
    await Promise.all([erpServer, crmServer, controlServer].map(close))
    database.close()
  }
  try {
    status.erpUrl = await listen(erpServer, options.ports?.erp ?? 0)
    status.crmUrl = await listen(crmServer, options.ports?.crm ?? 0)
    status.credentials = credentialsOf(access, status.erpUrl, status.crmUrl)
    return { ...status, controlUrl: await listen(controlServer, options.ports?.control ?? 0), close: shut }
  } catch (error) {
    await shut()
    throw error
  }
}
