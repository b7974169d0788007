import type { OpenPorts, Ports } from '#lib/engine/context'
import { requestCancel, startRun } from '#lib/engine/start'
import { realPorts } from '#lib/http/ports'
import type { Action } from '#lib/sandbox/actions'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { defaultFaults, type FaultPatch } from '#lib/sandbox/faults'
import { database } from '#lib/store/database'
import type { RunOptions } from '#lib/sync/eligibility'
import type { ProblemCode } from '#lib/sync/problems'
import type { RecordType } from '#lib/sync/records'
import { logOf, NO_OPTIONS, openWorld, portsOf, type World } from './world.ts'

/** One small firm that everything happens to, one switch after the other; what is mended stays mended. */
const SIZE = { projects: 40, clients: 8, contacts: 20, employees: 8 }

interface Stage {
  readonly world: World
  readonly control: SandboxControl
}

let open: Stage | null = null

export function stage(): Stage {
  if (!open) throw new Error('The stage is opened in beforeAll.')
  return open
}

export async function openStage(): Promise<void> {
  const world = await openWorld(SIZE)
  open = { world, control: sandboxControl(world.sandbox.controlUrl) }
  await world.run({ allBatches: true })
}

export interface Provocation {
  /** Codes that must be on the log of the run; it may have others. */
  readonly codes: readonly ProblemCode[]
  readonly faults?: FaultPatch
  readonly prepare?: () => Promise<FaultPatch | undefined>
  readonly ports?: () => Promise<OpenPorts>
  readonly options?: Partial<RunOptions>
  /** Starts what is no ordinary sync, and answers its id. */
  readonly start?: () => Promise<string>
  /** What happens to the run between its start and its end. */
  readonly meanwhile?: (runId: string, ports: OpenPorts) => Promise<void>
}

/** Does it, runs it to its end, and answers the warnings and errors of the log. */
export async function provoke(provocation: Provocation): Promise<Awaited<ReturnType<typeof logOf>>> {
  const { world, control } = stage()
  await control.setFaults(defaultFaults())
  const found = await provocation.prepare?.()
  for (const faults of [provocation.faults, found]) if (faults) await control.setFaults(faults)
  const ports = (await provocation.ports?.()) ?? hurried()
  const runId = (await provocation.start?.()) ?? (await startSync(provocation.options))
  await provocation.meanwhile?.(runId, ports)
  await world.advance(runId, ports)
  const lines = (await logOf(runId)).filter((line) => line.severity !== 'info')
  // One that waits for a system would stand in the way of the next.
  if (await requestCancel(runId, 'test')) await world.advance(runId)
  return lines
}

async function startSync(options: Partial<RunOptions> = {}): Promise<string> {
  const { runId } = await startRun({
    connectionId: stage().world.connectionId,
    trigger: 'cli',
    startedBy: 'test',
    options: { ...NO_OPTIONS, allBatches: true, ...options },
  })
  return runId
}

/** Ports that wait a twentieth of what they should, so that a test does not sit through six attempts. */
export function hurried(more: Parameters<typeof portsOf>[3] = {}, engine: Partial<Ports['settings']> = {}): OpenPorts {
  const ports = {
    sleep: (milliseconds: number, signal?: AbortSignal) => realPorts.sleep(Math.max(1, milliseconds / 20), signal),
    random: () => 0,
  }
  return async () =>
    portsOf(stage().world.sandbox.credentials, 0.05, engine, {
      erp: { ports, ...more.erp },
      crm: { ports, ...more.crm },
    })
}

export async function pairsOf(type: RecordType) {
  return database().crmMapping.findMany({
    where: { type, removedAt: null, lastSyncedAt: { not: null }, base: { not: undefined } },
    orderBy: { erpKey: 'asc' },
  })
}

export async function pairOf(type: RecordType, index: number) {
  const found = (await pairsOf(type))[index]
  if (!found) throw new Error(`The sandbox has no pair ${index} of type ${type}.`)
  return found
}

type ErpType = 'project' | 'client' | 'contact' | 'employee'
type Fields = Extract<Action, { action: 'add' }>['fields']

export const inErp = (type: ErpType, key: string, fields: Fields) =>
  stage().control.act({ action: 'edit', side: 'erp', type, key: Number(key), fields })

export async function newInErp(type: ErpType, fields: Fields): Promise<number> {
  return Number((await stage().control.act({ action: 'add', side: 'erp', type, fields })).key)
}
