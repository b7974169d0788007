import { afterEach, expect, test } from 'vitest'
import { advanceRun } from '#lib/engine/advance'
import { type OpenPorts, type Ports, RunBroken } from '#lib/engine/context'
import { requestCancel, startRun } from '#lib/engine/start'
import { database } from '#lib/store/database'
import { findRun, type Run } from '#lib/store/runs'
import { type Crm, RemoteFailure } from '#lib/sync/ports'
import { logOf, NO_OPTIONS, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 60, clients: 15, contacts: 30, employees: 10 }

let world: World

async function open(options: Parameters<typeof openWorld>[0] = {}): Promise<void> {
  world = await openWorld({ ...SIZE, ...options })
}
afterEach(() => world.close())

async function start(allBatches = false): Promise<string> {
  const options = { ...NO_OPTIONS, allBatches }
  return (await startRun({ connectionId: world.connectionId, trigger: 'cli', startedBy: 'test', options })).runId
}

async function advance(runId: string, openPorts: OpenPorts = world.openPorts, stop = new AbortController()) {
  const defects: unknown[] = []
  const advanced = await advanceRun(runId, openPorts, stop.signal, (error) => defects.push(error))
  return { advanced, defects }
}

async function runOf(runId: string): Promise<Run> {
  const run = await findRun(runId)
  if (!run) throw new Error('The run is gone.')
  return run
}

/** The world's ports, one call at a time, with parts of the CRM or of the rest replaced. */
function portsWith(replaceCrm: (crm: Crm) => Partial<Crm>, replace: Partial<Ports> = {}): OpenPorts {
  return async (connectionId) => {
    const ports = await world.openPorts(connectionId)
    const settings = { ...ports.settings, crmConcurrency: 1 }
    return { ...ports, settings, ...replace, crm: { ...ports.crm, ...replaceCrm(ports.crm) } }
  }
}

/** Calls `then` when the CRM has answered its `count`th update of a project. */
function afterProjectUpdates(count: number, then: () => Promise<void> | void): OpenPorts {
  let updates = 0
  return portsWith((crm) => ({
    async update(type, ...rest) {
      const record = await crm.update(type, ...rest)
      if (type === 'project') updates += 1
      if (type === 'project' && updates === count) await then()
      return record
    },
  }))
}

test('a process that ends after the last record of a batch leaves the right number of remaining projects (§6.1, §10.4)', async () => {
  await open({ settings: { batchSize: 10 } })
  const runId = await start()
  const stop = new AbortController()
  const { advanced } = await advance(
    runId,
    afterProjectUpdates(10, () => stop.abort(new Error('This process is stopping.'))),
    stop,
  )
  expect(advanced).toEqual({ ended: false, reason: 'yielded' })
  await advance(runId)
  const run = await runOf(runId)
  expect(run.counters.project?.updated).toBe(10)
  expect(run).toMatchObject({ batchesDone: 1, remainingProjects: run.counters.project?.notReached })
})

test('a cancelled run says how many projects are really left (§10.5)', async () => {
  await open({ settings: { batchSize: 10 } })
  const runId = await start(true)
  await advance(
    runId,
    afterProjectUpdates(15, async () => void (await requestCancel(runId, 'ann@example.com'))),
  )
  const run = await runOf(runId)
  const left = await database().syncItem.count({
    where: { runId, type: 'project', action: 'update', outcome: 'notReached' },
  })
  expect(run.state).toBe('cancelled')
  expect(left).toBeGreaterThan(0)
  expect(run).toMatchObject({ remainingProjects: left, remainingRuns: Math.ceil(left / 10) })
})

test('a create that cannot be looked up is not sent again by a later run (§10.1)', async () => {
  await open({ faults: { crm: { autoNumber: { employee: 'on' } } } })
  const sent: string[] = []
  const lost = (operation: string) =>
    new RemoteFailure({
      side: 'crm',
      failureClass: 'unknown',
      reason: 'timeout',
      message: `No answer to ${operation}.`,
    })
  const unanswered = portsWith((crm) => ({
    async create(type, create, options) {
      if (type !== 'employee') return crm.create(type, create, options)
      sent.push(create.externalKey)
      throw lost('create')
    },
    async findByExternalKey() {
      throw lost('look-up')
    },
  }))
  const first = await start(true)
  await advance(first, unanswered)
  expect((await logOf(first)).filter((line) => line.code === 'CW-1120')).toHaveLength(sent.length)
  const before = [...sent]
  const second = await start(true)
  await advance(second, unanswered)
  expect(before.length).toBeGreaterThan(0)
  expect(sent).toEqual(before)
  expect((await runOf(second)).counters.employee).toMatchObject({ created: 0 })
  const healed = await world.run({ allBatches: true })
  expect(healed.counters.employee?.created).toBe(before.length)
})

test('a run that waits for an unanswered create can be cancelled meanwhile (§10.5)', async () => {
  await open({ faults: { crm: { autoNumber: { employee: 'on' } } }, graceSeconds: 25 })
  const runId = await start(true)
  const unanswered = portsWith((crm) => ({
    async create(type, create, options) {
      if (type !== 'employee') return crm.create(type, create, options)
      setTimeout(() => requestCancel(runId, 'ann@example.com'), 300)
      throw new RemoteFailure({ side: 'crm', failureClass: 'unknown', reason: 'timeout', message: 'No answer.' })
    },
  }))
  await advance(runId, unanswered)
  expect((await runOf(runId)).state).toBe('cancelled')
}, 15_000)

test('a process whose run was taken over writes no ending, whatever it ran into', async () => {
  await open()
  const runId = await start()
  const overtaken = portsWith(() => ({
    async check() {
      await database().syncRun.update({ where: { id: runId }, data: { epoch: { increment: 1 } } })
      throw new RemoteFailure({ side: 'crm', failureClass: 'definite', reason: 'invalid', message: 'No.' })
    },
  }))
  expect((await advance(runId, overtaken)).advanced).toEqual({ ended: false, reason: 'lost' })
  expect((await runOf(runId)).state).toBe('running')
})

test('a database that ends a connection in the middle leaves the run open, and it goes on afterwards (§10.4)', async () => {
  await open()
  await database().$executeRawUnsafe('CREATE SEQUENCE lines_written')
  await database().$executeRawUnsafe(`
    CREATE FUNCTION end_connection() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('lines_written') = 100 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
      RETURN NEW;
    END $$`)
  await database().$executeRawUnsafe(
    'CREATE TRIGGER end_connection BEFORE INSERT ON integration_log_entry FOR EACH ROW EXECUTE FUNCTION end_connection()',
  )
  const runId = await start(true)
  await expect(advance(runId)).rejects.toThrow()
  expect((await runOf(runId)).state).toBe('running')
  await advance(runId)
  expect(await runOf(runId)).toMatchObject({ state: 'completed', message: 'Sync Completed' })
})

test('a defect while the connection is opened is told in a sentence, and its details go to the log of defects', async () => {
  await open()
  const runId = await start()
  const { defects } = await advance(runId, async () => {
    throw new TypeError(
      "Cannot read properties of undefined (reading 'url')\n    at /srv/crosswalk/lib/console.ts:120:9",
    )
  })
  const run = await runOf(runId)
  expect(run.state).toBe('failed')
  expect(run.message).not.toMatch(/undefined|console\.ts/)
  expect(defects).toHaveLength(1)
  expect((await logOf(runId)).map((line) => line.message)).toEqual([
    expect.stringMatching(/^The sync was started by test/),
    run.message,
  ])
})

test('a queued run that a person has cancelled ends as cancelled, even if its connection cannot be opened', async () => {
  await open()
  const runId = await start()
  await requestCancel(runId, 'ann@example.com')
  const { advanced } = await advance(runId, async () => {
    throw new RunBroken('CW-1009', 'The access is gone.')
  })
  expect(advanced).toEqual({ ended: true, status: 'cancelled' })
})

test('a run whose process died before its first line still begins with who started it (§11)', async () => {
  await open()
  const runId = await start(true)
  await database().syncRun.update({ where: { id: runId }, data: { epoch: 1, state: 'running' } })
  await advance(runId)
  expect((await logOf(runId))[0]?.message).toMatch(/^The sync was started by test/)
})

test.each([
  ['twenty seconds apart, ends as failed (guide/reliability.md)', 20, 'failed'],
  ['within moments, goes on and completes (§10.4)', 0, 'completed'],
])('a run that dies while it reads, again and again %s', async (_, secondsApart, state) => {
  await open()
  const runId = await start(true)
  let attempts = 0
  const dying = portsWith((crm) => ({
    async *readChanged(type, since, options) {
      if (type !== 'contact') return yield* crm.readChanged(type, since, options)
      let held = null
      for await (const page of crm.readChanged(type, since, options)) held = page
      if (!held) return
      const half = Math.ceil(held.records.length / 2)
      yield { ...held, records: held.records.slice(0, half) }
      yield { ...held, records: held.records.slice(half) }
      attempts += 1
      stop.abort(new Error('This process is stopping.'))
    },
  }))
  let stop = new AbortController()
  for (let tries = 0; tries < 8 && (await runOf(runId)).finishedAt === null; tries += 1) {
    stop = new AbortController()
    await advance(runId, dying, stop)
    await database().$executeRaw`
      UPDATE sync_run SET got_further_at = got_further_at - make_interval(secs => ${secondsApart})
       WHERE id = ${runId}::uuid`
  }
  if (secondsApart > 0) expect(attempts).toBeLessThanOrEqual(6)
  else await advance(runId)
  expect((await runOf(runId)).state).toMatch(new RegExp(`^${state}`))
})
