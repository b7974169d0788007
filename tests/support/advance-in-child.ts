import { type ChildProcess, spawn } from 'node:child_process'
import type { World } from './world.ts'

/** When the process is to end: at a moment of the test's choice, by its own hand at a place in the engine, or never. */
export interface Death {
  readonly moment?: Promise<unknown>
  readonly point?: string
}

/** A process of its own that advances a run; `gone` tells the signal that ended it. */
export function advancingChild(
  world: World,
  runId: string,
  point = '',
): { readonly child: ChildProcess; readonly gone: Promise<NodeJS.Signals | null> } {
  const child = spawn(process.execPath, ['tests/chaos/advance-child.ts'], {
    env: {
      ...process.env,
      CHAOS_ACCESS: JSON.stringify(world.sandbox.credentials),
      CHAOS_RUN: runId,
      CHAOS_GRACE_SECONDS: '0.2',
      CHAOS_POINT: point,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return { child, gone: new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal))) }
}

/** Advances a run in a process of its own; it ends by SIGKILL as told, or by itself. */
export async function advanceInChild(world: World, runId: string, death: Death = {}): Promise<'killed' | 'ended'> {
  const { child, gone } = advancingChild(world, runId, death.point)
  if (death.moment) {
    await Promise.race([death.moment, gone])
    child.kill('SIGKILL')
  }
  return (await gone) === 'SIGKILL' ? 'killed' : 'ended'
}
