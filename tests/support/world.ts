import { randomUUID } from 'node:crypto'
import { setTimeout as timer } from 'node:timers/promises'
import type { AjeraConfig } from '#lib/ajera/config'
import { createErp } from '#lib/ajera/erp'
import { defaultFieldMap } from '#lib/default-field-map'
import { advanceRun } from '#lib/engine/advance'
import type { OpenPorts, Ports } from '#lib/engine/context'
import { startRun } from '#lib/engine/start'
import { realPorts } from '#lib/http/ports'
import { type Sandbox, type SandboxCredentials, type SandboxOptions, startSandbox } from '#lib/sandbox/sandbox'
import { type ConnectionSettings, saveConnection } from '#lib/store/connections'
import { closeDatabase, connectDatabase, database } from '#lib/store/database'
import { findRun, type Run } from '#lib/store/runs'
import type { RunOptions } from '#lib/sync/eligibility'
import type { VantagepointConfig } from '#lib/vantagepoint/config'
import { createCrm } from '#lib/vantagepoint/crm'
import { createTestDatabase, type TestDatabase } from './database.ts'

/** A whole installation for a test: a real database, a real sandbox pair over HTTP, and the engine between them. */
export interface World {
  readonly sandbox: Sandbox
  readonly connectionId: string
  readonly openPorts: OpenPorts
  /** One run from start to end in this process, with the world's ports unless others are given. */
  run(options?: Partial<RunOptions>, ports?: OpenPorts): Promise<Run>
  /** A run that was started in another way, likewise from start to end. */
  advance(runId: string, ports?: OpenPorts): Promise<Run>
  close(): Promise<void>
}

export const NO_OPTIONS: RunOptions = {
  mapUnsynced: false,
  whenNoMatch: 'leave',
  includeClosed: false,
  allBatches: false,
  preview: false,
}

export async function openWorld(
  options: SandboxOptions & {
    settings?: Partial<ConnectionSettings>
    graceSeconds?: number
    engine?: Partial<Ports['settings']>
    /** In place of a database of the common server. */
    database?: TestDatabase
  } = {},
): Promise<World> {
  const testDatabase = options.database ?? (await createTestDatabase())
  process.env.DATABASE_URL = testDatabase.url
  await connectDatabase(testDatabase.url)
  const sandbox = await startSandbox(options)
  const connectionId = await saveConnection({
    name: 'Test pair',
    origin: 'environment',
    fingerprint: randomUUID(),
    credentials: {},
    settings: options.settings ?? {},
  })
  const openPorts: OpenPorts = async () => portsOf(sandbox.credentials, options.graceSeconds ?? 0.05, options.engine)
  const world: World = {
    sandbox,
    connectionId,
    openPorts,
    async run(chosen = {}, ports = openPorts) {
      const started = await startRun({
        connectionId,
        trigger: 'cli',
        startedBy: 'test',
        options: { ...NO_OPTIONS, ...chosen },
      })
      return world.advance(started.runId, ports)
    },
    async advance(runId, ports = openPorts) {
      const defects: unknown[] = []
      await advanceRun(runId, ports, new AbortController().signal, (error) => defects.push(error))
      if (defects.length > 0) throw defects[0]
      const run = await findRun(runId)
      if (!run) throw new Error('The run is gone.')
      return run
    },
    async close() {
      await sandbox.close()
      await closeDatabase()
      await testDatabase.drop()
    },
  }
  return world
}

/** A call that is to be repeated waits half a second to half a minute; no test learns anything from that. */
const HURRIED = {
  sleep: (milliseconds: number, signal?: AbortSignal) =>
    realPorts.sleep(milliseconds < 500 ? milliseconds : milliseconds / 50, signal),
}

/** Ports as a connection with trusted addresses has them. `graceSeconds`: short, so that no test waits long. */
export function portsOf(
  access: SandboxCredentials,
  graceSeconds: number,
  engineSettings: Partial<Ports['settings']> = {},
  more: { readonly erp?: Partial<AjeraConfig>; readonly crm?: Partial<VantagepointConfig> } = {},
): Ports {
  const counts = { erp: 0, crm: 0 }
  const shared = {
    concurrency: 4,
    rate: null,
    trusted: true,
    allowedHosts: [],
    fieldMap: defaultFieldMap,
    ports: HURRIED,
  }
  const erp = createErp({ ...access.ajera, ...shared, onCall: () => (counts.erp += 1), ...more.erp })
  const crm = createCrm({
    ...access.vantagepoint,
    ...shared,
    externalKeyField: 'CustAjeraKey',
    autoNumbering: 'detect',
    onCall: () => (counts.crm += 1),
    ...more.crm,
  })
  return {
    erp,
    crm,
    fieldMap: defaultFieldMap,
    settings: {
      erpConcurrency: 4,
      crmConcurrency: 4,
      graceSeconds,
      projectTotals: 'each_run',
      fullReadEvery: 24,
      conflictPolicy: 'erp-wins',
      defaultTemplate: null,
      ...engineSettings,
    },
    waitSeconds: { first: 0.05, longest: 0.2 },
    installationId: '00000000-0000-7000-8000-000000000000',
    callCounts: () => ({ ...counts }),
    sleep: async (milliseconds, signal) => {
      await timer(milliseconds, undefined, { signal })
    },
    async close() {
      await erp.close()
      await crm.close()
    },
  }
}

/** The messages of a run's log, oldest first. */
export async function logOf(
  runId: string,
): Promise<{ severity: string; method: string; message: string; code: string | null; erpKey: string | null }[]> {
  return database().integrationLogEntry.findMany({
    where: { runId },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
    select: { severity: true, method: true, message: true, code: true, erpKey: true },
  })
}
