import { afterEach, expect, test } from 'vitest'
import { advanceRun } from '#lib/engine/advance'
import type { OpenPorts, Ports } from '#lib/engine/context'
import { startRun } from '#lib/engine/start'
import { database } from '#lib/store/database'
import { findRun, type Run } from '#lib/store/runs'
import { addsUp } from '#lib/sync/outcome'
import { type Erp, RemoteFailure } from '#lib/sync/ports'
import { openInStep, type WayBack } from '../support/way-back.ts'
import { logOf, NO_OPTIONS } from '../support/world.ts'

/** Creates in the ERP happen once, whatever becomes of their answers (sync-rules §10.1). */

/** Fewer than the failures in a row that are an outage. */
const COUNT = 4

let back: WayBack
afterEach(() => back.world.close())

/** A firm in step, and new records in its CRM that are flagged: projects of a mapped client, and firms. */
async function open(options: Parameters<typeof openInStep>[0] = {}): Promise<void> {
  back = await openInStep({ engine: { defaultTemplate: 'General Services', erpConcurrency: 1 }, ...options })
  const [client] = await back.pairs('client')
  for (let index = 0; index < COUNT; index += 1) {
    const project = {
      WBS1: `H-${index}`,
      Name: `Jetty ${index}`,
      LongName: `Jetty ${index}`,
      ClientID: client?.crmId ?? '',
    }
    await back.control.act({ action: 'add', side: 'crm', type: 'project', fields: { ...project, AjeraSync: 'Y' } })
    const firm = { ClientID: `${index}`.repeat(32), Name: `Harbour firm ${index}`, ClientInd: 'Y', AjeraSync: 'Y' }
    await back.control.act({ action: 'add', side: 'crm', type: 'firm', fields: firm })
  }
}

/** Every new record stands once in the ERP and has its pair. */
async function expectEachOnce(): Promise<void> {
  for (let index = 0; index < COUNT; index += 1) {
    for (const [type, name, crmId] of [
      ['project', `Jetty ${index}`, `H-${index}`],
      ['client', `Harbour firm ${index}`, `${index}`.repeat(32)],
    ] as const) {
      const found = await back.erpNamed(type, name)
      const pairs = await database().crmMapping.findMany({ where: { type, crmId, removedAt: null } })
      expect([name, found.length, pairs.map((pair) => pair.erpKey)]).toEqual([name, 1, [found[0]?.key]])
    }
  }
}

async function start(): Promise<string> {
  const options = { ...NO_OPTIONS, allBatches: true }
  const connectionId = back.world.connectionId
  return (await startRun({ connectionId, trigger: 'cli', startedBy: 'test', options })).runId
}

async function advance(runId: string, openPorts: OpenPorts, signal = new AbortController().signal): Promise<Run> {
  const defects: unknown[] = []
  await advanceRun(runId, openPorts, signal, (error) => defects.push(error))
  expect(defects).toEqual([])
  const run = await findRun(runId)
  if (!run) throw new Error('The run is gone.')
  if (run.finishedAt) for (const counts of Object.values(run.counters)) expect(addsUp(counts)).toBe(true)
  return run
}

function portsWith(replace: (erp: Erp) => Partial<Erp>, more: Partial<Ports> = {}): OpenPorts {
  return async (connectionId) => {
    const ports = await back.world.openPorts(connectionId)
    return { ...ports, ...more, erp: { ...ports.erp, ...replace(ports.erp) } }
  }
}

const unknown = (message: string) =>
  new RemoteFailure({ side: 'erp', failureClass: 'unknown', reason: 'timeout', message })

test('answers that are lost, or that say an error while the record is there, make no second one (§10.1)', async () => {
  await open()
  await back.control.setFaults({ erp: { only: 'CreateProjects', lostAnswers: 2, lyingErrors: 1 } })
  const run = await back.run()
  expect(run.counters.project).toMatchObject({ created: COUNT, failed: 0 })
  await expectEachOnce()
  const adopted = (await logOf(run.id)).filter((line) => line.code === 'CW-1404' && line.method === 'Ajera Add Project')
  expect(adopted).toHaveLength(3)
  await back.run()
  await back.writes()
  await back.run()
  expect(await back.writes()).toEqual({ erp: [], crm: [] })
})

test('a create that never arrived is sent again, once the grace period has shown that it is not there (§10.1)', async () => {
  await open()
  let swallowed = 0
  const sent: string[] = []
  const run = await advance(
    await start(),
    portsWith((erp) => ({
      async create(type, fields, how) {
        sent.push(fields.Description ?? '')
        if (swallowed < 3) {
          swallowed += 1
          throw unknown('No answer.')
        }
        return erp.create(type, fields, how)
      },
    })),
  )
  expect(run.counters.client).toMatchObject({ created: COUNT, failed: 0 })
  expect(sent.filter((name) => name === 'Harbour firm 0')).toHaveLength(2)
  await expectEachOnce()
})

test.each([
  ['before it is sent', 'before'],
  ['when the ERP has done it and before that is stored', 'after'],
] as const)('a process that dies %s is taken up without a second record (§10.1, §10.4)', async (_, when) => {
  await open()
  const runId = await start()
  // Each attempt gets one create further and dies.
  for (let attempt = 0; attempt < 2 * COUNT + 2; attempt += 1) {
    const stop = new AbortController()
    const dying = portsWith((erp) => ({
      async create(type, fields, how) {
        if (when === 'after') await erp.create(type, fields, { ...how, signal: new AbortController().signal })
        stop.abort(new Error('This process is stopping.'))
        throw unknown('The process is gone.')
      },
    }))
    if ((await advance(runId, dying, stop.signal)).finishedAt !== null) break
    // Attempts that come to nothing end a run after a while; here each of them is a new process that gets its chance.
    await database().$executeRaw`UPDATE sync_run SET got_further_at = now() WHERE id = ${runId}::uuid`
  }
  const run = await advance(runId, back.world.openPorts)
  expect(run.finishedAt === null ? 'open' : run.state).toMatch(/^completed/)
  await back.run()
  await expectEachOnce()
})

test('what could not be looked up stays unanswered, is not sent again, and is adopted by a later run (§10.1)', async () => {
  await open()
  const sent: string[] = []
  const deaf = portsWith((erp) => ({
    async create(type, fields, how) {
      sent.push(fields.Description ?? '')
      await erp.create(type, fields, how)
      throw unknown('No answer to create.')
    },
    readChanged(type, since, options) {
      if (sent.length > 0) throw unknown('No answer to the look-up.')
      return erp.readChanged(type, since, options)
    },
  }))
  const first = await advance(await start(), deaf)
  expect(first.state).toBe('completed_with_errors')
  expect((await logOf(first.id)).filter((line) => line.code === 'CW-1120')).toHaveLength(2 * COUNT)
  expect(new Set(sent).size).toBe(sent.length)

  const second = await back.run()
  expect(
    (await logOf(second.id)).filter((line) => line.code === 'CW-1404' && line.severity === 'warning'),
  ).toHaveLength(2 * COUNT)
  await back.run()
  await expectEachOnce()
})

test('of look-alikes a person decides: none is paired, and nothing is sent again (§10.1)', async () => {
  await open()
  const twice = portsWith((erp) => ({
    async create(type, fields, how) {
      if (fields.Description !== 'Jetty 0') return erp.create(type, fields, how)
      for (const ID of ['', '']) {
        const twin = { ID, Description: 'Jetty 0', SyncToCRM: true, CreateInCRM: false }
        await back.control.act({ action: 'add', side: 'erp', type: 'project', fields: twin })
      }
      throw unknown('No answer.')
    },
  }))
  const run = await advance(await start(), twice)
  const errors = (await logOf(run.id)).filter((line) => line.severity === 'error')
  expect(errors.map((line) => line.code)).toEqual(['CW-1403'])
  expect(await database().crmMapping.count({ where: { crmId: 'H-0', removedAt: null } })).toBe(0)
  expect(await back.erpNamed('project', 'Jetty 0')).toHaveLength(2)
})
