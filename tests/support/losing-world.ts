import { advanceRun } from '#lib/engine/advance'
import type { OpenPorts } from '#lib/engine/context'
import { startRun } from '#lib/engine/start'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { findRun, type Run } from '#lib/store/runs'
import type { RunOptions } from '#lib/sync/eligibility'
import type { Crm } from '#lib/sync/ports'
import type { RecordType } from '#lib/sync/records'
import { NO_OPTIONS, openWorld, type World } from './world.ts'

/** A small firm of which records are lost on the CRM's side. */
export const LOSING_SIZE = { projects: 60, clients: 15, contacts: 40, employees: 10 }

const HUB = { employee: 'employee', client: 'firm', vendor: 'firm', contact: 'contact', project: 'project' } as const

export interface LosingWorld extends World {
  readonly control: SandboxControl
  deleteInCrm(type: RecordType, ids: readonly string[]): Promise<void>
  /** A run by a person or the schedule, from start to end. */
  runAs(input: {
    trigger?: 'manual' | 'automatic'
    options?: Partial<RunOptions>
    brakeReason?: string
    ports?: OpenPorts
  }): Promise<Run>
  /** The world's ports with parts of the CRM replaced. */
  portsWith(replace: (crm: Crm) => Partial<Crm>): OpenPorts
}

export async function openLosing(options: Parameters<typeof openWorld>[0] = {}): Promise<LosingWorld> {
  const world = await openWorld({ ...LOSING_SIZE, ...options })
  const control = sandboxControl(world.sandbox.controlUrl)
  return {
    ...world,
    control,
    async deleteInCrm(type, ids) {
      for (const key of ids) await control.act({ action: 'delete', side: 'crm', type: HUB[type], key })
    },
    async runAs({ trigger = 'manual', options: chosen = {}, brakeReason, ports = world.openPorts }) {
      const { runId } = await startRun({
        connectionId: world.connectionId,
        trigger: 'cli',
        startedBy: 'ann@example.com',
        options: { ...NO_OPTIONS, ...chosen },
        ...(brakeReason ? { brakeReason } : {}),
      })
      // Only a run of the command line can be started without a queue.
      await database().syncRun.update({ where: { id: runId }, data: { trigger } })
      const defects: unknown[] = []
      await advanceRun(runId, ports, new AbortController().signal, (error) => defects.push(error))
      if (defects.length > 0) throw defects[0]
      const run = await findRun(runId)
      if (!run) throw new Error('The run is gone.')
      return run
    },
    portsWith(replace) {
      return async (connectionId) => {
        const ports = await world.openPorts(connectionId)
        return { ...ports, crm: { ...ports.crm, ...replace(ports.crm) } }
      }
    },
  }
}

/** The same after a first sync, so that everything which can be paired is. */
export async function openSynced(options: Parameters<typeof openWorld>[0] = {}): Promise<LosingWorld> {
  const world = await openLosing(options)
  const run = await world.run({ allBatches: true })
  if (run.message !== 'Sync Completed') throw new Error(`The first sync did not end well: ${run.message}`)
  return world
}

export async function livingPairs(type?: RecordType) {
  return database().crmMapping.findMany({ where: { type, removedAt: null }, orderBy: { erpKey: 'asc' } })
}

export async function firstPair(type: RecordType) {
  const [pair] = await livingPairs(type)
  if (!pair) throw new Error(`The sandbox has no pair of type ${type}.`)
  return pair
}

export async function countGoneRecords(): Promise<number> {
  return database().crmRecord.count({ where: { goneAt: { not: null } } })
}
