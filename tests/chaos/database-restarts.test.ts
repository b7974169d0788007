import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as timer } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { advanceRun } from '#lib/engine/advance'
import { startRun } from '#lib/engine/start'
import { dataPaths } from '#lib/ops/data-dir'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#lib/ops/embedded-postgres'
import { migrate } from '#lib/ops/migrate'
import { findPostmaster } from '#lib/ops/postmaster'
import { sandboxControl } from '#lib/sandbox/control'
import { isDatabaseOutage } from '#lib/store/database'
import { findRun } from '#lib/store/runs'
import { addsUp } from '#lib/sync/outcome'
import { NO_OPTIONS, openWorld } from '../support/world.ts'

/** A PostgreSQL of its own, since it is stopped without warning. What was committed has to survive that, so fsync stays. */
const SIZE = { projects: 100, clients: 25, contacts: 50, employees: 15 }
const STOPS = 6

let directory: string
let server: EmbeddedPostgres

function startServer(): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ paths: dataPaths(directory, directory) })
}

/** `pg_ctl stop -m immediate`: no transaction is ended, no connection closed, nothing written out. */
async function stopAtOnce(): Promise<void> {
  const { postgresCluster } = dataPaths(directory, directory)
  const postmaster = await findPostmaster(postgresCluster)
  if (!postmaster) throw new Error('The server does not run.')
  process.kill(postmaster.pid, 'SIGQUIT')
  while (await findPostmaster(postgresCluster)) await timer(20)
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), `crosswalk-tests-${process.pid}-`))
  server = await startServer()
  await migrate(server.url)
})
afterAll(async () => {
  await server.stop()
  await rm(directory, { recursive: true, force: true })
})

test('a database that is stopped without warning again and again costs no record and makes none twice (§10.4)', async () => {
  const twin = await openWorld(SIZE)
  await twin.run({ allBatches: true })
  const wanted = (await sandboxControl(twin.sandbox.controlUrl).snapshot('crm')).records
  await twin.close()

  const world = await openWorld({
    ...SIZE,
    settings: { batchSize: 30 },
    faults: { crm: { latencyMs: 8 } },
    database: { url: server.url, drop: async () => undefined },
  })
  const options = { ...NO_OPTIONS, allBatches: true }
  const { runId } = await startRun({ connectionId: world.connectionId, trigger: 'cli', startedBy: 'chaos', options })
  let outages = 0
  let ended = false
  async function work(): Promise<void> {
    while (!ended) {
      try {
        const advanced = await advanceRun(runId, world.openPorts, new AbortController().signal, () => undefined)
        ended = advanced.ended
      } catch (error) {
        if (!isDatabaseOutage(error)) throw error
        outages += 1
        await timer(100)
      }
    }
  }
  const working = work()
  for (let stop = 0; stop < STOPS && !ended; stop += 1) {
    await timer(700 + stop * 150)
    await stopAtOnce()
    await timer(200)
    server = await startServer()
  }
  await working
  const run = await findRun(runId)
  const got = await sandboxControl(world.sandbox.controlUrl).snapshot('crm')
  await world.close()

  expect(outages).toBeGreaterThan(1)
  expect(run?.message).toBe('Sync Completed')
  expect(got.duplicates).toEqual([])
  expect(got.records).toEqual(wanted)
  for (const counts of Object.values(run?.counters ?? {})) expect(addsUp(counts)).toBe(true)
}, 120_000)
