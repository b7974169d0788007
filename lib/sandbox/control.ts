import type { Action, ActionResult } from './actions.ts'
import type { FaultPatch, Faults } from './faults.ts'
import type { JournalCounters, JournalEntry, JournalFilter } from './journal.ts'
import type { SandboxCredentials } from './sandbox-access.ts'
import type { Snapshot } from './snapshot.ts'

/** The control endpoint of a running sandbox, from any process of this machine. Throws when it refuses or is not there. */
export interface SandboxControl {
  status(): Promise<SandboxStatus>
  journal(filter?: JournalFilter): Promise<JournalEntry[]>
  clearJournal(): Promise<void>
  counters(): Promise<{ erp: JournalCounters; crm: JournalCounters }>
  faults(): Promise<Faults>
  /** Lays a patch over the switches; the others stay. */
  setFaults(patch: FaultPatch): Promise<Faults>
  act(action: Action): Promise<{ key: string | null; count: number }>
  snapshot(side: 'erp' | 'crm'): Promise<Snapshot>
}

export interface SandboxStatus {
  readonly erpUrl: string
  readonly crmUrl: string
  readonly seed: number
  readonly credentials: SandboxCredentials
}

async function ask<T>(controlUrl: string, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${controlUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`The sandbox refused ${method} ${path}: ${text}`)
  const answer: T = JSON.parse(text)
  return answer
}

function queryOf(filter: JournalFilter): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) params.set(name, String(value))
  return params.size > 0 ? `?${params}` : ''
}

export function sandboxControl(controlUrl: string): SandboxControl {
  return {
    status: () => ask(controlUrl, 'GET', '/status'),
    journal: (filter = {}) => ask(controlUrl, 'GET', `/journal${queryOf(filter)}`),
    clearJournal: async () => {
      await ask<unknown>(controlUrl, 'DELETE', '/journal')
    },
    counters: () => ask(controlUrl, 'GET', '/counters'),
    faults: () => ask(controlUrl, 'GET', '/faults'),
    setFaults: (patch) => ask(controlUrl, 'PATCH', '/faults', patch),
    act: async (action) => {
      const result: ActionResult = await ask(controlUrl, 'POST', '/act', action)
      if (!result.ok) throw new Error(result.problem)
      return { key: result.key, count: result.count }
    },
    snapshot: (side) => ask(controlUrl, 'GET', `/snapshot/${side}`),
  }
}
