import { advanceRun } from '#lib/engine/advance'
import type { SandboxCredentials } from '#lib/sandbox/sandbox'
import { closeDatabase } from '#lib/store/database'
import { portsOf } from '../support/world.ts'

/** A process to be killed: advances one run. Its database and systems come by environment. */
const access: SandboxCredentials = JSON.parse(process.env.CHAOS_ACCESS ?? '')
const graceSeconds = Number(process.env.CHAOS_GRACE_SECONDS)

const result = await advanceRun(
  process.env.CHAOS_RUN ?? '',
  async () => portsOf(access, graceSeconds),
  new AbortController().signal,
  (error) => console.error(error),
)
await closeDatabase()
process.exitCode = result.ended ? 0 : 1
