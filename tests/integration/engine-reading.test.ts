import { afterEach, expect, test } from 'vitest'
import { advanceRun } from '#lib/engine/advance'
import type { OpenPorts } from '#lib/engine/context'
import { resumeRun, startRun } from '#lib/engine/start'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { findRun } from '#lib/store/runs'
import { type Erp, RemoteFailure } from '#lib/sync/ports'
import type { RecordType, Side } from '#lib/sync/records'
import { type RecordedCall, recordedPorts } from '../support/recorded-ports.ts'
import { logOf, NO_OPTIONS, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 20, clients: 5, contacts: 20, employees: 5 }
const TEN_MINUTES = 10 * 60 * 1000

let world: World
let control: SandboxControl

async function open(): Promise<void> {
  world = await openWorld(SIZE)
  control = sandboxControl(world.sandbox.controlUrl)
}
afterEach(() => world.close())

function portsWithErp(replace: (erp: Erp) => Partial<Erp>): OpenPorts {
  return async (connectionId) => {
    const ports = await world.openPorts(connectionId)
    return { ...ports, erp: { ...ports.erp, ...replace(ports.erp) } }
  }
}

/** Watermark by side and type, as the moment it stands for. */
async function watermarks(): Promise<Map<string, number | null>> {
  const rows = await database().watermark.findMany()
  return new Map(rows.map(({ side, type, value }) => [`${side} ${type}`, value?.getTime() ?? null]))
}

async function watermark(side: Side, type: RecordType): Promise<number | null> {
  return (await watermarks()).get(`${side} ${type}`) ?? null
}

test('every finding of the preflight has its line, and a run that fails there has read and changed nothing (§2.4, §8.1)', async () => {
  await open()
  await control.setFaults({
    erp: { deniedMethods: ['GetClients'] },
    crm: { rights: { contact: { read: false } }, clockSkewSeconds: -600 },
  })
  const run = await world.run()
  const lines = await logOf(run.id)
  expect(run.state).toBe('failed')
  const findings = lines.slice(1, -1)
  expect(findings.map(({ severity }) => severity).sort()).toEqual(['error', 'error', 'warning'])
  for (const part of ['GetClients', 'contacts', 'clock']) {
    expect(findings.filter(({ message }) => message.includes(part))).toHaveLength(1)
  }
  expect(lines.at(-1)?.message).toBe(run.message)
  expect((await control.journal()).filter((call) => call.wrote)).toEqual([])
  const rows = [database().client.count(), database().crmRecord.count(), database().crmMapping.count()]
  expect(await Promise.all([...rows, database().watermark.count()])).toEqual([0, 0, 0, 0])
})

test('what changed is read from ten minutes before the watermark; all of it in a first and in every third run, if so set (§3.2)', async () => {
  await open()
  const since: (Map<string, string | null> | null)[] = []
  const from: Map<string, number | null>[] = []
  for (let turn = 0; turn < 5; turn += 1) {
    const calls: RecordedCall[] = []
    from.push(await watermarks())
    await control.clearJournal()
    await world.run({ allBatches: true }, recordedPorts(world.openPorts, calls, { fullReadEvery: 3 }))
    const reads = calls.filter(({ call }) => call === 'readChanged')
    since.push(new Map(reads.map(({ side, type, detail }) => [`${side} ${type}`, detail])))
    expect(reads).toHaveLength(8)
    if (turn > 0) expect((await control.journal()).filter((call) => call.wrote)).toEqual([])
  }
  for (const turn of [0, 3]) expect(new Set(since[turn]?.values())).toEqual(new Set([null]))
  for (const turn of [1, 2, 4]) {
    for (const [read, detail] of since[turn] ?? []) {
      expect(Date.parse(detail ?? ''), read).toBe((from[turn]?.get(read) ?? 0) - TEN_MINUTES)
    }
  }
})

test('a watermark goes by the clock of the remote system, and a clock two hours behind hides no change (§3.4)', async () => {
  await open()
  await control.setFaults({ erp: { clockSkewSeconds: -7200 } })
  await world.run({ allBatches: true })
  const pairs = await database().syncItem.findMany({ where: { type: 'project', outcome: 'updated' }, take: 2 })
  for (const { erpKey } of pairs) {
    const before = Date.now()
    const fields = { Notes: 'Two hours behind.' }
    await control.act({ action: 'edit', side: 'erp', type: 'project', key: Number(erpKey), fields })
    const run = await world.run()
    expect(run.counters.project?.updated).toBe(1)
    const stored = await database().project.findFirst({ where: { key: erpKey } })
    expect(await watermark('erp', 'project')).toBe(stored?.modifiedAt?.getTime())
    expect(await watermark('erp', 'project')).toBeLessThan(before - 7_100_000)
  }
})

test('a read that breaks off between its pages moves no watermark, and is begun anew (§3.3)', async () => {
  await open()
  const broken = portsWithErp((erp) => ({
    async *readChanged(type, since, options) {
      for await (const page of erp.readChanged(type, since, options)) {
        if (type !== 'contact') yield page
        else {
          yield { ...page, records: page.records.slice(0, 10) }
          yield { ...page, records: page.records.slice(10, 15) }
          const message = 'The connection to Ajera broke off.'
          throw new RemoteFailure({ side: 'erp', failureClass: 'not-executed', reason: 'unreachable', message })
        }
      }
    },
  }))
  const waiting = await world.run({}, broken)
  expect(waiting).toMatchObject({ state: 'queued', parkReason: 'The connection to Ajera broke off.' })
  expect(await watermark('erp', 'client')).not.toBeNull()
  expect(await watermark('erp', 'contact')).toBeNull()
  expect(await database().contact.count()).toBeGreaterThan(0)

  const calls: RecordedCall[] = []
  await resumeRun(waiting.id, { inProcess: true })
  await world.advance(waiting.id, recordedPorts(world.openPorts, calls))
  const again = calls.find(({ side, call, type }) => side === 'erp' && call === 'readChanged' && type === 'contact')
  expect(again?.detail).toBeNull()
  expect(await database().contact.count()).toBe(SIZE.contacts)
})

test('a last page and its watermark are stored together or not at all (§3.3)', async () => {
  await open()
  await database().$executeRawUnsafe(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'refused'; END $$`)
  await database().$executeRawUnsafe(`
    CREATE TRIGGER refuse BEFORE INSERT ON watermark FOR EACH ROW WHEN (NEW.side = 'erp' AND NEW.type = 'client')
    EXECUTE FUNCTION refuse()`)
  const start = { connectionId: world.connectionId, trigger: 'cli', startedBy: 'test', options: NO_OPTIONS } as const
  const { runId } = await startRun(start)
  const defects: unknown[] = []
  await advanceRun(runId, world.openPorts, new AbortController().signal, (error) => defects.push(error))
  expect(defects).toHaveLength(1)
  expect((await findRun(runId))?.state).toBe('failed')
  expect(await database().employee.count()).toBe(SIZE.employees)
  expect(await watermark('erp', 'employee')).not.toBeNull()
  expect(await database().client.count()).toBe(0)

  await database().$executeRawUnsafe('DROP TRIGGER refuse ON watermark')
  expect((await world.run({ allBatches: true })).message).toBe('Sync Completed')
  expect(await database().client.count()).toBe(SIZE.clients)
})
