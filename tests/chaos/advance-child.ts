import { advanceRun } from '#lib/engine/advance'
import type { CrashPoint } from '#lib/engine/context'
import type { SandboxCredentials } from '#lib/sandbox/sandbox'
import { closeDatabase } from '#lib/store/database'
import { portsOf } from '../support/world.ts'

/**
 * A process to be killed: advances one run. Its database and systems come by environment, and so does the place at which
 * it dies by its own hand, if there is one: `after-intent-commit:2` is the second time that it comes there, and
 * `crm.update:1` when the first update of the CRM has been answered.
 */
const access: SandboxCredentials = JSON.parse(process.env.CHAOS_ACCESS ?? '')
const graceSeconds = Number(process.env.CHAOS_GRACE_SECONDS)

const [point, times] = (process.env.CHAOS_POINT ?? '').split(':')
let passed = 0

function atPoint(here: CrashPoint | 'crm.update' | 'erp.update'): void {
  if (here !== point) return
  passed += 1
  if (passed === Number(times)) process.kill(process.pid, 'SIGKILL')
}

function dyingAfter<A extends unknown[], R>(
  name: 'crm.update' | 'erp.update',
  update: (...call: A) => Promise<R>,
): (...call: A) => Promise<R> {
  return async (...call) => {
    const answer = await update(...call)
    atPoint(name)
    return answer
  }
}

const result = await advanceRun(
  process.env.CHAOS_RUN ?? '',
  async () => {
    const ports = portsOf(access, graceSeconds)
    return {
      ...ports,
      atPoint,
      crm: { ...ports.crm, update: dyingAfter('crm.update', ports.crm.update) },
      erp: { ...ports.erp, update: dyingAfter('erp.update', ports.erp.update) },
    }
  },
  new AbortController().signal,
  (error) => console.error(error),
)
await closeDatabase()
process.exitCode = result.ended ? 0 : 1
