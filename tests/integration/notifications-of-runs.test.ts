import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { raiseAlert } from '#lib/engine/alerts'
import { type OpenPorts, RunBroken } from '#lib/engine/context'
import { requestCancel, startRun } from '#lib/engine/start'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { listOpenAlerts } from '#lib/store/alerts'
import { insertChannel } from '#lib/store/channels'
import { database } from '#lib/store/database'
import type { Run } from '#lib/store/runs'
import { ALERT_KINDS } from '#lib/sync/alerts'
import { RemoteFailure } from '#lib/sync/ports'
import { problemCodes } from '#lib/sync/problems'
import { NO_OPTIONS, openWorld, portsOf, type World } from '../support/world.ts'

/** What the ends of real runs say to the people who asked to be told: the queue's subjects, oldest first. */
let world: World
let control: SandboxControl

beforeAll(async () => {
  world = await openWorld({ projects: 12, clients: 4, contacts: 4, employees: 3 })
  control = sandboxControl(world.sandbox.controlUrl)
  await insertChannel({
    id: randomUUID(),
    kind: 'email',
    target: 'ann@example.com',
    sealedSecret: null,
    alertKinds: ALERT_KINDS,
    mode: 'each',
    createdBy: 'test',
  })
  await world.run()
})
beforeEach(async () => {
  await database().notification.deleteMany()
  await database().alert.deleteMany()
})
afterAll(() => world.close())

async function told(): Promise<string[]> {
  const rows = await database().notification.findMany({ orderBy: { id: 'asc' } })
  return rows.map(({ subject }) => subject.replace('Crosswalk: the sync of Test pair ', ''))
}

async function open(): Promise<string[]> {
  return (await listOpenAlerts(world.connectionId)).map(({ kind }) => kind)
}

function broken(code: (typeof problemCodes)[keyof typeof problemCodes], message: string): OpenPorts {
  return async () => {
    throw new RunBroken(code, message)
  }
}

/** The first `times` reads of the CRM find it away. */
function awayFor(times: number): OpenPorts {
  let left = times
  return async (connectionId) => {
    const ports = await world.openPorts(connectionId)
    const { crm } = ports
    return {
      ...ports,
      crm: {
        ...crm,
        async *readChanged(...request: Parameters<typeof crm.readChanged>) {
          if (left > 0) {
            left -= 1
            throw new RemoteFailure({
              side: 'crm',
              reason: 'unreachable',
              failureClass: 'not-executed',
              message: 'Vantagepoint could not be reached.',
            })
          }
          yield* crm.readChanged(...request)
        },
      },
    }
  }
}

test('a run that fails opens its alert, further failures tell nothing, and the next good run ends it', async () => {
  await control.setFaults({ erp: { deniedMethods: ['GetClients'] } })
  const first = await world.run()
  await world.run()
  expect(first.state).toBe('failed')
  expect(await told()).toEqual(['failed'])
  expect(await listOpenAlerts(world.connectionId)).toMatchObject([{ kind: 'run_failed', runId: first.id }])
  await control.setFaults({ erp: { deniedMethods: [] } })
  await world.run()
  expect(await told()).toEqual(['failed', 'works again'])
  expect(await open()).toEqual([])
})

test('a run whose connection cannot even be opened is told of as well', async () => {
  await world.run({}, broken(problemCodes.signInRefusedAtCheck, 'Ajera refuses the sign-in.'))
  await world.run({}, broken(problemCodes.runBroke, 'The stored credentials were sealed with another key.'))
  expect(await told()).toEqual(['was refused the sign-in', 'failed'])
  await world.run()
  expect((await told()).sort()).toEqual(['failed', 'is signed in again', 'was refused the sign-in', 'works again'])
})

test.each(['ajera', 'vantagepoint'] as const)(
  'a password that %s no longer accepts is told as a refused sign-in',
  async (system) => {
    const { credentials } = world.sandbox
    const access = { ...credentials, [system]: { ...credentials[system], password: 'expired' } }
    const run = await world.run({}, async () => portsOf(access, 0.05))
    expect(run.state).toBe('failed')
    expect(await told()).toEqual(['was refused the sign-in'])
    await world.run()
    expect(await told()).toEqual(['was refused the sign-in', 'is signed in again'])
  },
)

test('records that a system refuses are told by the sync that comes to its end without them, and when they went', async () => {
  const [pair] = await database().crmMapping.findMany({ where: { type: 'client', removedAt: null }, take: 1 })
  const edit = { Notes: 'Edited, and refused once.' }
  await control.act({ action: 'edit', side: 'erp', type: 'client', key: Number(pair?.erpKey), fields: edit })
  const refusing: OpenPorts = async (connectionId) => {
    const ports = await world.openPorts(connectionId)
    const update = async () => {
      const message = 'The record is locked.'
      throw new RemoteFailure({ side: 'crm', reason: 'invalid', failureClass: 'definite', message })
    }
    return { ...ports, crm: { ...ports.crm, update } }
  }
  expect((await world.run({}, refusing)).state).toBe('completed_with_errors')
  expect(await listOpenAlerts(world.connectionId)).toMatchObject([
    { kind: 'finished_with_errors', message: 'The sync finished, but 1 record could not be sent.' },
  ])
  await world.run()
  expect(await told()).toEqual(['finished with errors', 'finished without errors again'])
})

test('a cancelled run neither opens nor ends an alert', async () => {
  await world.run({}, broken(problemCodes.runBroke, 'It stopped.'))
  const started = await startRun({
    connectionId: world.connectionId,
    trigger: 'cli',
    startedBy: 'test',
    options: NO_OPTIONS,
  })
  await requestCancel(started.runId, 'ann@example.com')
  expect((await world.advance(started.runId)).state).toBe('cancelled')
  expect(await open()).toEqual(['run_failed'])
  expect(await told()).toEqual(['failed'])
  await world.run()
})

test('a run that is parked says so once however often it tries, and when it goes on', async () => {
  const ports = awayFor(3)
  let run: Run = await world.run({}, ports)
  expect(run.state).toBe('queued')
  expect(await open()).toEqual(['waiting_for_system'])
  for (let tries = 0; run.state === 'queued' && tries < 10; tries += 1) {
    await database().syncRun.update({ where: { id: run.id }, data: { resumeAt: null } })
    run = await world.advance(run.id, ports)
  }
  expect(run.state).toBe('completed')
  expect(await told()).toEqual(['waits for a system', 'goes on'])
  expect(await open()).toEqual([])
})

test('a backlog is told of by the batch that leaves one, and its end by the last one', async () => {
  const pairs = await database().crmMapping.findMany({ where: { type: 'project', removedAt: null }, take: 5 })
  for (const { erpKey } of pairs) {
    const fields = { Notes: 'Edited, so that it is due.' }
    await control.act({ action: 'edit', side: 'erp', type: 'project', key: Number(erpKey), fields })
  }
  await database().connection.update({ where: { id: world.connectionId }, data: { batchSize: 2 } })
  const states: string[] = []
  for (let run = await world.run(); ; run = await world.run()) {
    states.push(run.state)
    if (run.state !== 'more_batches' || states.length > 9) break
  }
  await database().connection.update({ where: { id: world.connectionId }, data: { batchSize: 500 } })
  expect(states).toEqual(['more_batches', 'more_batches', 'completed'])
  expect(await told()).toEqual(['left a backlog', 'has no backlog left'])
})

test('a sync that the schedule starts ends the alert that nothing ran; one by hand, or a comparison, does not', async () => {
  await raiseAlert(world.connectionId, 'nothing_ran', 'A sync was due at 02:00 and did not start.', null)
  await world.run()
  await compare('automatic')
  expect(await open()).toEqual(['nothing_ran'])
  const started = await startRun({
    connectionId: world.connectionId,
    trigger: 'automatic',
    startedBy: 'schedule',
    options: NO_OPTIONS,
  })
  expect(await told()).toEqual(['did not start by its schedule', 'starts by its schedule again'])
  await world.advance(started.runId)
})

test('a comparison beyond the limit of the connection opens drift, and one within it ends it', async () => {
  const [pair] = await database().crmMapping.findMany({ where: { type: 'project', removedAt: null }, take: 1 })
  const fields = { Notes: 'Edited without a sync.' }
  await control.act({ action: 'edit', side: 'erp', type: 'project', key: Number(pair?.erpKey), fields })
  await compare()
  expect(await listOpenAlerts(world.connectionId)).toMatchObject([
    { kind: 'drift', message: expect.stringMatching(/^Ajera and Vantagepoint differ in 1 project pair of \d+ \(/) },
  ])
  await world.run()
  expect(await open()).toEqual(['drift'])
  await compare()
  expect(await told()).toEqual(['found that both sides drift apart', 'found both sides in step again'])
})

async function compare(trigger: 'cli' | 'automatic' = 'cli'): Promise<void> {
  const started = await startRun({
    connectionId: world.connectionId,
    trigger,
    startedBy: 'test',
    options: { ...NO_OPTIONS, preview: true },
    purpose: { kind: 'reconcile' },
  })
  expect((await world.advance(started.runId)).state).toBe('previewed')
}

test('what is stored of a run’s end and what is told of it are one transaction', async () => {
  await database().$executeRaw`ALTER TABLE notification ADD CONSTRAINT refuse CHECK (subject NOT LIKE '%failed')`
  const ports = broken(problemCodes.runBroke, 'It stopped.')
  await expect(world.run({}, ports)).rejects.toThrow()
  expect(await open()).toEqual([])
  const [run] = await database().syncRun.findMany({ where: { state: 'running' } })
  expect(run).toBeDefined()
  await database().$executeRaw`ALTER TABLE notification DROP CONSTRAINT refuse`
  expect((await world.advance(run?.id ?? '', ports)).state).toBe('failed')
  expect(await told()).toEqual(['failed'])
  await world.run()
})
