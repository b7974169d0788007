import { createHash } from 'node:crypto'
import type { Server } from 'node:http'
import { createAjeraServer } from './ajera-server.ts'
import { type Database, openDatabase, readMeta, writeMeta } from './database.ts'
import { defaultFaults, type FaultPatch, type Faults, patchFaults } from './faults.ts'
import { DEFAULT_SIZE, type FirmSize } from './firm/mix.ts'
import { makeFirm, storeFirm } from './firm.ts'
import { createGate } from './gate.ts'
import { createJournal } from './journal.ts'
import { createRandom } from './random.ts'
import { createVantagepointServer } from './vantagepoint-server.ts'

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

export interface SandboxCredentials {
  readonly ajera: { readonly url: string; readonly username: string; readonly password: string }
  readonly vantagepoint: {
    readonly url: string
    readonly database: string
    readonly clientId: string
    readonly clientSecret: string
    readonly username: string
    readonly password: string
  }
}

export interface Sandbox {
  readonly erpUrl: string
  readonly crmUrl: string
  readonly controlUrl: string
  readonly credentials: SandboxCredentials
  close(): Promise<void>
}

const HOST = '127.0.0.1'
const CRM_BASE = '/HarborLane/api'

/** Passwords of a pair that only answers to this machine: made from the seed, so that a restart keeps them. */
function secret(seed: number, name: string): string {
  return `sandbox-${createHash('sha256').update(`${name}:${seed}`).digest('hex').slice(0, 24)}`
}

function accessOf(seed: number) {
  const id = Buffer.from(JSON.stringify({ ClientID: 4711, DatabaseID: seed, IsSampleData: true })).toString('base64url')
  const ajera = {
    path: '/harborlane/AjeraAPI.ashx',
    id,
    username: 'crosswalk.api',
    password: secret(seed, 'ajera'),
    thirdPartyKey: secret(seed, 'third-party'),
  }
  const vantagepoint = {
    database: 'C0000004711P_1_HARBORLANE',
    clientId: secret(seed, 'client-id'),
    clientSecret: secret(seed, 'client-secret'),
    username: 'CROSSWALK',
    password: secret(seed, 'vantagepoint'),
  }
  return { ajera, vantagepoint }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** Fills an empty state; a state that holds a firm keeps it, whatever seed and size are asked for now. */
function fill(database: Database, seed: number, size: FirmSize, faults: Faults): number {
  const stored = readMeta(database, 'seed')
  if (stored !== null) return Number(stored)
  storeFirm(database, makeFirm(seed, size), faults.crm.externalKeyField)
  writeMeta(database, 'size', JSON.stringify(size))
  writeMeta(database, 'seed', String(seed))
  return seed
}

/** Starts the pair. Throws when a switch is wrong, a port is taken or the state file cannot be opened. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const patched = patchFaults(defaultFaults(), options.faults ?? {})
  if (!patched.ok) throw new Error(`The sandbox switches are wrong: ${patched.problem}`)
  const state = { faults: patched.faults }
  const { projects, clients, contacts, employees } = { ...DEFAULT_SIZE, ...options }
  const database = openDatabase(options.stateFile ?? null)
  const seed = fill(database, options.seed ?? 1, { projects, clients, contacts, employees }, state.faults)
  const access = accessOf(seed)
  const journal = createJournal()
  const random = createRandom(seed + 1)

  const ajera = createAjeraServer(
    { database, faults: () => state.faults.erp, now: () => Date.now() + state.faults.erp.clockSkewSeconds * 1000 },
    access.ajera,
  )
  const vantagepoint = createVantagepointServer(
    { database, faults: () => state.faults.crm, now: () => Date.now() + state.faults.crm.clockSkewSeconds * 1000 },
    access.vantagepoint,
    CRM_BASE,
  )
  const erpServer = createGate({ system: 'erp', faults: () => state.faults.erp, journal, random, open: ajera.open })
  const crmServer = createGate({
    system: 'crm',
    faults: () => state.faults.crm,
    journal,
    random,
    open: vantagepoint.open,
  })
  const erpUrl = `http://${HOST}:${await listen(erpServer, options.ports?.erp ?? 0)}`
  const crmUrl = `http://${HOST}:${await listen(crmServer, options.ports?.crm ?? 0)}`
  return {
    erpUrl,
    crmUrl,
    controlUrl: '',
    credentials: {
      ajera: {
        url: `${erpUrl}${access.ajera.path}?${access.ajera.id}`,
        username: access.ajera.username,
        password: access.ajera.password,
      },
      vantagepoint: { url: `${crmUrl}${CRM_BASE}`, ...access.vantagepoint },
    },
    async close() {
      await Promise.all([close(erpServer), close(crmServer)])
      database.close()
    },
  }
}
