import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as timer } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openPorts, prepareConnection } from '#lib/console'
import { advanceRun } from '#lib/engine/advance'
import { startRun } from '#lib/engine/start'
import { dataPaths } from '#lib/ops/data-dir'
import { startEmbeddedPostgres } from '#lib/ops/embedded-postgres'
import { migrate } from '#lib/ops/migrate'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { createRandom } from '#lib/sandbox/random'
import { startSandbox } from '#lib/sandbox/sandbox'
import { closeDatabase, connectDatabase } from '#lib/store/database'
import { closeQueue } from '#lib/store/queue'
import { findRun } from '#lib/store/runs'
import { connectionVariables } from '../support/connection-variables.ts'
import { countMade, judge } from './verdict.ts'
import { startWorkers } from './workers.ts'
import { type Added, addRecords } from './workload.ts'

/**
 * `npm run test:soak -- --minutes 20 [--seed N]`: two workers that are killed all the time and frozen now and then, over a
 * CRM that loses answers and lies, while new records come in on both sides. In the end every record exists exactly once
 * on each side, or the command fails (guide/reliability.md, invariants 1, 8 and 12). The seed chooses the moments.
 */
const FAULTS = { lostAnswerProbability: 0.03, lyingErrorProbability: 0.02, latencyMs: 2 }
const OPTIONS = {
  mapUnsynced: false,
  whenNoMatch: 'leave',
  includeClosed: false,
  allBatches: true,
  preview: false,
} as const
const QUIET_RUNS = 6
const LOST_AFTER_MILLISECONDS = 5 * 60_000

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '20' }, seed: { type: 'string' } } })
const minutes = Number(values.minutes)
const seed = values.seed === undefined ? Math.floor(Math.random() * 0x7fffffff) : Number(values.seed)
if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
  console.error('Usage: npm run test:soak -- --minutes 20 [--seed 42]')
  process.exit(2)
}
console.log(
  `Soak: ${minutes} minutes, seed ${seed}. The same moments again: npm run test:soak -- --minutes ${minutes} --seed ${seed}`,
)

const directory = await mkdtemp(join(tmpdir(), 'crosswalk-soak-'))
const server = await startEmbeddedPostgres({ paths: dataPaths(directory, directory), settings: { fsync: 'off' } })
await migrate(server.url)
const sandbox = await startSandbox({
  ...{ projects: 60, clients: 20, contacts: 30, employees: 10, seed },
  faults: { crm: { ...FAULTS, searchLagMs: 400, autoNumber: { employee: 'on' } }, erp: FAULTS },
})
const environment: NodeJS.ProcessEnv = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  NODE_ENV: 'test',
  NODE_COMPILE_CACHE: join(directory, 'compiled'),
  DATABASE_URL: server.url,
  CROSSWALK_DATA_DIR: directory,
  CROSSWALK_GRACE_SECONDS: '1',
  CROSSWALK_ERP_RATE: '2000',
  ...connectionVariables(sandbox),
}
Object.assign(process.env, environment)
await connectDatabase(server.url)
const connection = await prepareConnection()
if (!connection) throw new Error('The connection given by environment was not taken.')
const connectionId = connection.id
const control = sandboxControl(sandbox.controlUrl)

// The firm itself is brought in step undisturbed: what both sides hold from now on is the soak's own.
const first = await startRun({ connectionId, trigger: 'cli', startedBy: 'soak', options: OPTIONS })
await advanceRun(first.runId, openPorts, new AbortController().signal, console.error)
const before = await countMade(control)

const random = createRandom(seed)
const added: Added = { erp: [], crm: [] }
let numbered = 100_000
const startedAt = Date.now()
const butcher = startWorkers(environment, random)
let rounds = 0
while (Date.now() - startedAt < minutes * 60_000) {
  await addRecords(control, added, () => (numbered += 1))
  await runToEnd()
  rounds += 1
  tell('going')
}
await butcher.rest()
await control.setFaults({
  crm: { lostAnswerProbability: 0, lyingErrorProbability: 0 },
  erp: { lostAnswerProbability: 0, lyingErrorProbability: 0 },
})
for (let quiet = 0; quiet < QUIET_RUNS; quiet += 1) await runToEnd()
await writesOfQuietRun(control)
const verdict = await judge(control, added, before)
await butcher.stop()
await closeQueue(5)
await closeDatabase()
await sandbox.close()
await server.stop()
await rm(directory, { recursive: true, force: true })

const passed = [verdict.duplicates, verdict.lost, verdict.wrongCounters].every((list) => list.length === 0)
console.log(
  JSON.stringify(
    {
      ...{ seed, minutes: Math.round((Date.now() - startedAt) / 6_000) / 10, rounds },
      ...{ kills: butcher.kills(), freezes: butcher.freezes(), runs: verdict.runs, creates: verdict.creates },
      ...{ duplicates: verdict.duplicates.slice(0, 20), lost: verdict.lost.slice(0, 20) },
      ...{ wrongCounters: verdict.wrongCounters.slice(0, 20), passed },
    },
    null,
    2,
  ),
)
process.exit(passed ? 0 : 1)

/** A run that the schedule would start, followed until one of the workers has brought it to its end. */
async function runToEnd(): Promise<void> {
  const { runId } = await startRun({ connectionId, trigger: 'automatic', startedBy: 'soak', options: OPTIONS })
  const begun = Date.now()
  while ((await findRun(runId))?.finishedAt === null) {
    if (Date.now() - begun > LOST_AFTER_MILLISECONDS)
      throw new Error(`Run ${runId} does not come to its end (seed ${seed}).`)
    await timer(100)
  }
}

async function writesOfQuietRun(of: SandboxControl): Promise<void> {
  await of.clearJournal()
  await runToEnd()
  const writes = (await of.journal({ wrote: true })).length
  if (writes > 0) throw new Error(`A run without edits wrote ${writes} times (seed ${seed}).`)
}

function tell(state: string): void {
  const elapsed = Math.round((Date.now() - startedAt) / 1000)
  console.log(
    `${state}: ${elapsed} s, ${rounds} rounds, ${butcher.kills()} kills, ${added.erp.length + added.crm.length} records added`,
  )
}
