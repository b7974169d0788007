import { spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as timer } from 'node:timers/promises'
import { prepareConnection } from '#lib/console'
import { startRun } from '#lib/engine/start'
import { dataPaths } from '#lib/ops/data-dir'
import { startEmbeddedPostgres } from '#lib/ops/embedded-postgres'
import { migrate } from '#lib/ops/migrate'
import { sandboxControl } from '#lib/sandbox/control'
import { startSandbox } from '#lib/sandbox/sandbox'
import { connectDatabase } from '#lib/store/database'
import { findRunView } from '#lib/store/views-runs'
import { connectionVariables } from '../support/connection-variables.ts'

const directory = await mkdtemp(join(tmpdir(), 'crosswalk-outage-'))
const server = await startEmbeddedPostgres({ paths: dataPaths(directory, directory), settings: { fsync: 'off' } })
await migrate(server.url)
const sandbox = await startSandbox({ projects: 600, clients: 100, contacts: 200, employees: 40, faults: { crm: { latencyMs: 15 } } })
const environment: NodeJS.ProcessEnv = {
  PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'test', DATABASE_URL: server.url, CROSSWALK_DATA_DIR: directory,
  CROSSWALK_ERP_RATE: '500', ...connectionVariables(sandbox),
}
Object.assign(process.env, environment)
await connectDatabase(server.url)
const connection = await prepareConnection()
const control = sandboxControl(sandbox.controlUrl)
const worker = spawn('node_modules/.bin/node', ['lib/cli/main.ts', 'worker'], { env: environment, stdio: 'ignore' })
const { runId } = await startRun({ connectionId: connection!.id, trigger: 'manual', startedBy: 'ann@example.com',
  options: { mapUnsynced: false, whenNoMatch: 'leave', includeClosed: false, allBatches: true, preview: false } })
while ((await control.counters()).crm.writes < 150) await timer(20)
console.log('outage begins', new Date().toISOString())
const before = (await control.counters()).crm
await control.setFaults({ crm: { htmlErrors: 1_000_000 } })
const begun = Date.now()
let last = ''
let ended = false
for (;;) {
  const view = await findRunView(runId)
  const said = view?.waiting ? `waiting: ${view.waiting.reason}` : `${view?.state} ${view?.progress?.label} ${view?.progress?.done}`
  if (said !== last && (!ended || view?.finishedAt || said.startsWith('wait'))) console.log(Math.round((Date.now() - begun) / 1000), said, JSON.stringify((await control.counters()).crm.byStatus))
  last = said
  if (!ended && Date.now() - begun > 10 * 60_000) { ended = true; await control.setFaults({ crm: { htmlErrors: 0 } }); console.log('outage ends', JSON.stringify((await control.counters()).crm.byStatus)) }
  if (view?.finishedAt) { console.log('ended', Math.round((Date.now() - begun) / 1000), view.state, view.message, JSON.stringify(view.counts.project), JSON.stringify((await control.counters()).crm.byStatus), before.calls); break }
  await timer(1000)
}
const snap = await control.snapshot('crm')
console.log('duplicates', snap.duplicates)
worker.kill('SIGTERM'); await timer(3000)
await server.stop(); process.exit(0)
