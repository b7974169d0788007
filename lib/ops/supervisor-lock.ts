import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type DataPaths, readJson, writePrivateJson } from './data-dir.ts'
import { OperatorProblem } from './operator-problem.ts'
import { processIdentity } from './process-identity.ts'

const known = z.object({ pid: z.number().int(), identity: z.string() })
const lock = known.extend({ address: z.string(), children: z.array(known) })
type Lock = z.infer<typeof lock>

export type SupervisorLock = {
  /** Remembers a child, so that the next start can wait for it to end should this process be killed. */
  addChild(pid: number | undefined): Promise<void>
  release(): Promise<void>
}

/** Children end by themselves within 5 s of a killed starter. */
const CHILD_PATIENCE_MS = 10_000

/**
 * Claims the data directory for this process; throws OperatorProblem when another start serves it. What a start that was
 * killed has left running is waited for, then ended.
 */
export async function claimDataDirectory(paths: DataPaths, address: string): Promise<SupervisorLock> {
  const before = await readJson(paths.supervisor, lock)
  if (before && (await isAlive(before))) {
    throw new OperatorProblem(
      `Crosswalk already runs here: open ${before.address}, or stop it first (Ctrl-C in its window, or kill ${before.pid}).`,
    )
  }
  for (const child of before?.children ?? []) await waitForEnd(child)

  const mine: Lock = {
    pid: process.pid,
    identity: (await processIdentity(process.pid)) ?? '',
    address,
    children: [],
  }
  await writePrivateJson(paths.supervisor, mine)
  return {
    addChild: async (pid) => {
      const identity = pid === undefined ? null : await processIdentity(pid)
      if (pid === undefined || identity === null) return
      mine.children.push({ pid, identity })
      await writePrivateJson(paths.supervisor, mine)
    },
    release: () => rm(paths.supervisor, { force: true }),
  }
}

async function isAlive(process: z.infer<typeof known>): Promise<boolean> {
  return (await processIdentity(process.pid)) === process.identity
}

async function waitForEnd(child: z.infer<typeof known>): Promise<void> {
  const deadline = Date.now() + CHILD_PATIENCE_MS
  while (await isAlive(child)) {
    if (Date.now() > deadline) {
      process.kill(child.pid, 'SIGKILL')
      return
    }
    await sleep(50)
  }
}
