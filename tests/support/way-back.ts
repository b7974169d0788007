import type { Ports } from '#lib/engine/context'
import type { Action } from '#lib/sandbox/actions'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import type { Run } from '#lib/store/runs'
import type { RunOptions } from '#lib/sync/eligibility'
import { addsUp } from '#lib/sync/outcome'
import type { CrmRecord, ErpRecord, Fields, RecordType } from '#lib/sync/records'
import { openWorld, type World } from './world.ts'

/** Two systems that are in step, somebody at the keyboard of each, and a look at what a run then writes. */

export interface Pair {
  readonly erpKey: string
  readonly crmId: string
}

export interface WayBack {
  readonly world: World
  readonly control: SandboxControl
  /** A run with *Keep going*, of which the counters are known to add up. */
  run(options?: Partial<RunOptions>): Promise<Run>
  /** Runs until nothing is left to do; then the journal is empty. */
  settle(): Promise<void>
  /** Open projects that are switched on, or records of another type, with a living pair; in order of their keys. */
  pairs(type: RecordType): Promise<Pair[]>
  inCrm(type: RecordType, id: string, fields: Fields): Promise<void>
  inErp(type: RecordType, key: string, fields: Record<string, string | number | boolean | null>): Promise<void>
  erp(type: RecordType, key: string): Promise<ErpRecord>
  crm(type: RecordType, id: string): Promise<CrmRecord>
  /** ERP record of that name, read from the ERP. */
  erpNamed(type: RecordType, name: string): Promise<ErpRecord[]>
  /** What has been written to either system since the last look, by name of the call. */
  writes(): Promise<{ erp: string[]; crm: string[] }>
}

const HUBS = { project: 'project', client: 'firm', vendor: 'firm', contact: 'contact', employee: 'employee' } as const

export const SMALL = { projects: 24, clients: 8, contacts: 12, employees: 5 }

/** A small firm after its first runs. Nothing is left to write on either side. */
export async function openInStep(options: Parameters<typeof openWorld>[0] = {}): Promise<WayBack> {
  const bench = await openWayBack(options)
  await bench.settle()
  return bench
}

export async function openWayBack(options: Parameters<typeof openWorld>[0] = {}): Promise<WayBack> {
  const world = await openWorld({ ...SMALL, ...options })
  const control = sandboxControl(world.sandbox.controlUrl)
  const ports = (): Promise<Ports> => world.openPorts(world.connectionId)

  async function one<R>(read: (ports: Ports) => Promise<R[]>): Promise<R> {
    const open = await ports()
    const [record] = await read(open)
    await open.close()
    if (!record) throw new Error('The record is not there.')
    return record
  }

  const bench: WayBack = {
    world,
    control,
    async run(chosen = {}) {
      const run = await world.run({ allBatches: true, ...chosen })
      expectSums(run)
      return run
    },
    async settle() {
      await bench.run()
      await bench.run()
      await control.clearJournal()
    },
    async pairs(type) {
      const on = type === 'project' ? 'AND e.sync_to_crm AND NOT e.closed' : ''
      return database().$queryRawUnsafe(`
        SELECT m.erp_key AS "erpKey", m.crm_id AS "crmId" FROM crm_mapping m JOIN ${type} e ON e.key = m.erp_key
         WHERE m.type = '${type}' AND m.removed_at IS NULL ${on} ORDER BY length(m.erp_key), m.erp_key`)
    },
    async inCrm(type, key, fields) {
      await control.act({ action: 'edit', side: 'crm', type: HUBS[type], key, fields } as Action)
    },
    async inErp(type, key, fields) {
      await control.act({ action: 'edit', side: 'erp', type, key: Number(key), fields } as Action)
    },
    erp: (type, key) => one(({ erp }) => erp.read(type, [key])),
    crm: (type, id) => one(({ crm }) => crm.read(type, [id])),
    async erpNamed(type, name) {
      const open = await ports()
      const found: ErpRecord[] = []
      for await (const page of open.erp.readChanged(type, null)) {
        found.push(...page.records.filter((record) => record.name === name))
      }
      await open.close()
      return found
    },
    async writes() {
      const calls = (await control.journal({})).filter((call) => call.wrote)
      await control.clearJournal()
      const of = (system: 'erp' | 'crm') => calls.filter((call) => call.system === system).map((call) => call.name)
      return { erp: of('erp'), crm: of('crm') }
    },
  }
  return bench
}

/** The counters of every type that a run has looked at say the same as its records (sync-rules §7.8). */
function expectSums(run: Run): void {
  for (const [type, counts] of Object.entries(run.counters)) {
    if (!addsUp(counts)) throw new Error(`The counters of ${type} do not add up: ${JSON.stringify(counts)}`)
  }
}
