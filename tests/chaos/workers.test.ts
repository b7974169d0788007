import { randomBytes } from 'node:crypto'
import { setTimeout as timer } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { saveDraft } from '#lib/console'
import { startRun } from '#lib/engine/start'
import { sandboxControl } from '#lib/sandbox/control'
import { type Sandbox, startSandbox } from '#lib/sandbox/sandbox'
import { currentConnection } from '#lib/store/connections'
import { closeQueue } from '#lib/store/queue'
import { findRun, type Run } from '#lib/store/runs'
import { type CliWorld, openCliWorld, type RunningCli } from '../support/cli.ts'
import { NO_OPTIONS } from '../support/world.ts'

/** Workers as an operator runs them: processes of their own, which find their runs through the database alone. */
let world: CliWorld
const workers: RunningCli[] = []
const sandboxes: Sandbox[] = []

afterEach(async () => {
  for (const { child, result } of workers.splice(0)) {
    child.kill('SIGKILL')
    await result
  }
  await closeQueue(5)
  for (const sandbox of sandboxes.splice(0)) await sandbox.close()
  await world.close()
})

async function startWorker(): Promise<RunningCli> {
  const worker = world.start('worker')
  workers.push(worker)
  await worker.untilSaid('The worker takes runs now.')
  return worker
}

async function start(connectionId: string): Promise<string> {
  const options = { ...NO_OPTIONS, allBatches: true }
  return (await startRun({ connectionId, trigger: 'manual', startedBy: 'ann@example.com', options })).runId
}

async function connectionId(): Promise<string> {
  const connection = await currentConnection()
  if (!connection) throw new Error('The worker has not taken the connection of its environment.')
  return connection.id
}

async function runOf(runId: string): Promise<Run> {
  const run = await findRun(runId)
  if (!run) throw new Error('The run is gone.')
  return run
}

async function untilWritten(writes: number): Promise<void> {
  while ((await world.control.counters()).crm.writes < writes) await timer(20)
}

async function untilEnded(runId: string, milliseconds: number): Promise<Run> {
  const begun = Date.now()
  for (;;) {
    const run = await runOf(runId)
    if (run.finishedAt !== null) return run
    if (Date.now() - begun > milliseconds) throw new Error(`Run ${runId} has not ended: ${run.state}, ${run.phase}.`)
    await timer(100)
  }
}

test('a worker that is killed in a batch is followed by another one, which gets further within a minute', async () => {
  world = await openCliWorld({ faults: { crm: { latencyMs: 30 } } })
  const first = await startWorker()
  const runId = await start(await connectionId())
  await untilWritten(10)
  await startWorker()
  const { epoch } = await runOf(runId)
  first.child.kill('SIGKILL')
  await first.result
  const killedAt = Date.now()
  const { writes } = (await world.control.counters()).crm
  await untilWritten(writes + 1)
  expect(Date.now() - killedAt).toBeLessThan(60_000)
  const run = await untilEnded(runId, 60_000)
  expect(run.message).toBe('Sync Completed')
  expect(run.epoch).toBeGreaterThan(epoch)
  expect((await world.control.snapshot('crm')).duplicates).toEqual([])
})

test('a worker that is asked to stop finishes its record, hands its run back and ends with status 0', async () => {
  world = await openCliWorld({ faults: { crm: { latencyMs: 30 } } })
  const worker = await startWorker()
  const runId = await start(await connectionId())
  await untilWritten(10)
  worker.child.kill('SIGTERM')
  expect(await worker.result).toMatchObject({ status: 0 })
  const left = await runOf(runId)
  expect(left.finishedAt).toBeNull()
  await startWorker()
  expect((await untilEnded(runId, 60_000)).message).toBe('Sync Completed')
})

test('a pair of systems that does not answer does not keep another one waiting', async () => {
  const stuck = await startSandbox({ projects: 10, clients: 4, contacts: 6, employees: 4, seed: 7 })
  sandboxes.push(stuck)
  const hosts = [new URL(stuck.erpUrl).host, new URL(stuck.crmUrl).host].join(',')
  const key = randomBytes(32).toString('base64')
  Object.assign(process.env, { CROSSWALK_ENCRYPTION_KEY: key, CROSSWALK_ALLOWED_HOSTS: hosts })
  world = await openCliWorld({}, { CROSSWALK_ENCRYPTION_KEY: key, CROSSWALK_ALLOWED_HOSTS: hosts })
  const { ajera, vantagepoint } = stuck.credentials
  const stuckConnection = await saveDraft(
    {
      credentials: {
        erpUrl: ajera.url,
        erpUsername: ajera.username,
        erpPassword: ajera.password,
        crmUrl: vantagepoint.url,
        crmDatabase: 'Another firm',
        crmClientId: vantagepoint.clientId,
        crmClientSecret: vantagepoint.clientSecret,
        crmUsername: vantagepoint.username,
        crmPassword: vantagepoint.password,
      },
      settings: {},
    },
    'ann@example.com',
  )
  await startWorker()
  // Both systems of the other pair take calls and never answer.
  await sandboxControl(stuck.controlUrl).setFaults({ erp: { hanging: 10_000 }, crm: { hanging: 10_000 } })
  const stuckRun = await start(stuckConnection)
  while ((await runOf(stuckRun)).state !== 'running') await timer(50)
  const runId = await start(await connectionId())
  expect((await untilEnded(runId, 60_000)).message).toBe('Sync Completed')
  expect((await runOf(stuckRun)).finishedAt).toBeNull()
})
