import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Child, ChildOptions } from './child.ts'
import { type DataPaths, readJson, writePrivateJson } from './data-dir.ts'
import { parseSandboxAccess, type SandboxAccess } from './env.ts'
import { OperatorProblem } from './operator-problem.ts'
import { freePorts, isPortFree } from './ports.ts'

/** Ajera, Vantagepoint and their control listen on three ports in a row. */
const PORTS = 3
const READY_WITHIN_MS = 60_000

const kept = z.object({ port: z.number().int() })

type Start = (options: Pick<ChildOptions, 'name' | 'args' | 'output' | 'onLine'>) => Promise<Child>

/**
 * Starts the sandbox pair as a program of its own, at the same ports as last time where they are free, with its state in
 * the data directory. Answers when it is ready, with its addresses and sign-in.
 */
export async function startSandboxChild(root: string, paths: DataPaths, start: Start): Promise<SandboxAccess> {
  const port = await choosePort(paths)
  const { promise: access, resolve } = Promise.withResolvers<SandboxAccess>()
  const log = join(paths.directory, 'sandbox.log')
  const child = await start({
    name: 'the sandbox',
    args: [join(root, 'lib/cli/main.ts'), 'sandbox', '--json', '--port', String(port), '--state', paths.sandboxState],
    output: { file: log },
    onLine: (line) => {
      const parsed = parseSandboxAccess(line)
      if (parsed) resolve(parsed)
      // Its sign-in is for the web app alone.
      return parsed !== null
    },
  })
  const failed = Promise.race([child.ended, sleep(READY_WITHIN_MS, null, { ref: false })]).then((ending) => {
    const reason = ending ? ending.lastLines.at(-1) || ending.how : 'it was not ready within a minute'
    throw new OperatorProblem(`The sandbox did not start: ${reason.replace(/\.$/, '')}; see ${log}.`)
  })
  return Promise.race([access, failed])
}

async function choosePort(paths: DataPaths): Promise<number> {
  const before = (await readJson(paths.sandbox, kept))?.port
  if (before !== undefined) {
    const free = await Promise.all(Array.from({ length: PORTS }, (_, index) => isPortFree(before + index)))
    if (free.every(Boolean)) return before
  }
  const port = await freePorts(PORTS)
  await writePrivateJson(paths.sandbox, { port })
  return port
}
