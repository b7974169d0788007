import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { defaultFaults, type FaultPatch } from '#lib/sandbox/faults'
import { type Sandbox, type SandboxOptions, startSandbox } from '#lib/sandbox/sandbox'
import { type AjeraWire, ajeraWire, type VantagepointWire, vantagepointWire, type Wire } from './sandbox-clients.ts'

/** A small sandbox pair for one test file, as new before every test: fresh firm, calm switches, no session. */
export interface Pair {
  readonly sandbox: () => Sandbox
  readonly control: () => SandboxControl
  readonly ajera: () => AjeraWire
  readonly crm: () => VantagepointWire
  /** Rows of a list GET. */
  rows(path: string): Promise<Wire[]>
  switches(patch: FaultPatch): Promise<unknown>
}

const SMALL = { projects: 120, clients: 40, contacts: 60, employees: 60 }

function started<T>(value: T | null): T {
  if (value === null) throw new Error('The pair starts in beforeAll.')
  return value
}

export function freshSandboxPair(options: SandboxOptions = SMALL): Pair {
  let sandbox: Sandbox | null = null
  let control: SandboxControl | null = null
  let ajera: AjeraWire | null = null
  let crm: VantagepointWire | null = null
  beforeAll(async () => {
    sandbox = await startSandbox(options)
    control = sandboxControl(sandbox.controlUrl)
  })
  beforeEach(async () => {
    await started(control).act({ action: 'reset' })
    await started(control).setFaults(defaultFaults())
    ajera = ajeraWire(started(sandbox).credentials.ajera)
    crm = vantagepointWire(started(sandbox).credentials.vantagepoint)
  })
  afterAll(() => started(sandbox).close())
  return {
    sandbox: () => started(sandbox),
    control: () => started(control),
    ajera: () => started(ajera),
    crm: () => started(crm),
    rows: async (path) => (await started(crm).get(path)).body,
    switches: (patch) => started(control).setFaults(patch),
  }
}
