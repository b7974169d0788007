import { randomUUIDv7 } from 'node:crypto'
import type { Prisma } from '#generated/client'
import { database } from '#lib/store/database'
import type { RunState, RunTrigger } from '#lib/store/runs'
import type { ItemOutcome } from '#lib/store/views-run-items'
import type { RunOptions } from '#lib/sync/eligibility'
import { emptyCounts, type OutcomeCounts } from '#lib/sync/outcome'
import type { RecordType } from '#lib/sync/records'

/** Runs and items as the engine leaves them behind. Only what matters to a test is given. */

export const NO_OPTIONS: RunOptions = {
  mapUnsynced: false,
  whenNoMatch: 'leave',
  includeClosed: false,
  allBatches: false,
  preview: false,
}

/** Counters that add up: `considered` is the sum of what is given. */
export function counts(given: Partial<Omit<OutcomeCounts, 'considered'>>): OutcomeCounts {
  const considered = Object.values(given).reduce((sum, count) => sum + count, 0)
  return { ...emptyCounts(), ...given, considered }
}

export interface RunInput {
  state?: RunState
  trigger?: RunTrigger
  startedBy?: string
  options?: Partial<RunOptions>
  phase?: string
  counters?: Partial<Record<RecordType, OutcomeCounts>>
  /** Finished steps, e.g. `preflight`. */
  done?: string[]
  firstTime?: Partial<Record<RecordType, boolean>>
  progress?: { label: string; done: number; of: number | null }
  batches?: { size?: number; done?: number; planned?: number; remainingProjects?: number; remainingRuns?: number }
  apiCalls?: { erp: number; crm: number }
  continuesRunId?: string
  message?: string | null
  createdAt?: Date
  cancelRequestedBy?: string
}

export async function insertRun(connectionId: string, input: RunInput = {}): Promise<string> {
  const id = randomUUIDv7()
  const state = input.state ?? 'completed'
  const createdAt = input.createdAt ?? new Date()
  const isOpen = state === 'queued' || state === 'running'
  await database().syncRun.create({
    data: {
      id,
      connectionId,
      kind: state === 'previewed' ? 'preview' : 'sync',
      trigger: input.trigger ?? 'manual',
      startedBy: input.startedBy ?? 'ada@firm.example',
      options: { ...NO_OPTIONS, ...input.options },
      drainId: id,
      continuesRunId: input.continuesRunId ?? null,
      state,
      phase: input.phase ?? (isOpen ? 'preflight' : 'closing'),
      counters: input.counters ?? {},
      checkpoint: { done: input.done ?? [], firstTime: input.firstTime ?? {} },
      progress: input.progress ?? {},
      batchSize: input.batches?.size ?? 500,
      batchesDone: input.batches?.done ?? 0,
      batchesPlanned: input.batches?.planned ?? 0,
      remainingProjects: input.batches?.remainingProjects ?? 0,
      remainingRuns: input.batches?.remainingRuns ?? 0,
      apiCalls: input.apiCalls ?? {},
      message: input.message ?? null,
      createdAt,
      startedAt: state === 'queued' ? null : createdAt,
      finishedAt: isOpen ? null : new Date(createdAt.getTime() + 42_000),
      ...(input.cancelRequestedBy ? { cancelRequestedAt: createdAt, cancelRequestedBy: input.cancelRequestedBy } : {}),
    },
  })
  return id
}

export interface ItemInput {
  type?: RecordType
  erpKey: string
  erpName?: string
  crmId?: string | null
  action?: 'create' | 'update'
  outcome?: ItemOutcome
  problemCode?: string | null
  message?: string | null
  changes?: readonly { field: string; label: string; from: string | null; to: string | null; reason: string }[]
  batch?: number
  position?: number
}

export async function insertItems(connectionId: string, runId: string, items: readonly ItemInput[]): Promise<void> {
  await database().syncItem.createMany({
    data: items.map((item, index): Prisma.SyncItemCreateManyInput => {
      const outcome = item.outcome ?? 'updated'
      return {
        id: randomUUIDv7(),
        runId,
        connectionId,
        type: item.type ?? 'project',
        erpKey: item.erpKey,
        erpName: item.erpName ?? `Project ${item.erpKey}`,
        crmId: item.crmId === undefined ? `P-${item.erpKey}` : item.crmId,
        action: item.action ?? 'update',
        state: stateOf(outcome),
        batch: item.batch ?? 1,
        position: item.position ?? index + 1,
        outcome: outcome === 'waiting' ? null : outcome,
        problemCode: item.problemCode ?? null,
        message: item.message ?? null,
        changes: (item.changes ?? []).map((change) => ({ ...change })),
        settledAt: outcome === 'waiting' ? null : new Date(),
      }
    }),
  })
}

function stateOf(outcome: ItemOutcome): 'planned' | 'left' | 'failed' | 'done' {
  if (outcome === 'waiting') return 'planned'
  if (outcome === 'notReached') return 'left'
  return outcome === 'failed' ? 'failed' : 'done'
}
