import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as timer } from 'node:timers/promises'
import type { Random } from '#lib/sandbox/random'

const ROOT = join(import.meta.dirname, '..', '..')
const NODE = join(ROOT, 'node_modules', '.bin', 'node')

/** Two workers as an operator runs them (`crosswalk worker`), and somebody who kills them. */
export interface Butcher {
  readonly kills: () => number
  readonly freezes: () => number
  /** Ends the killing; the workers live on. */
  rest(): Promise<void>
  stop(): Promise<void>
}

const WORKERS = 2
/** Long enough to start and do some work, short enough to be met in every phase. */
const SHORTEST_LIFE = 1_200
const LONGEST_LIFE = 5_000
/** One in so many is frozen instead, for longer than a silent process keeps its run, and wakes up afterwards. */
const FROZEN_ONE_IN = 60
const FROZEN_MILLISECONDS = 40_000

export function startWorkers(environment: NodeJS.ProcessEnv, random: Random): Butcher {
  const alive = new Set<ChildProcess>()
  let kills = 0
  let freezes = 0
  let resting = false
  let stopped = false

  function start(): ChildProcess {
    const child = spawn(NODE, [join(ROOT, 'lib', 'cli', 'main.ts'), 'worker'], {
      cwd: tmpdir(),
      env: environment,
      stdio: ['ignore', 'ignore', 'ignore'],
    })
    alive.add(child)
    child.once('exit', () => alive.delete(child))
    return child
  }

  /** One place for a worker: as soon as one is dead, another one starts. */
  async function place(): Promise<void> {
    while (!stopped) {
      const child = start()
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      await Promise.race([gone, timer(random.int(SHORTEST_LIFE, LONGEST_LIFE))])
      if (resting || stopped) {
        await gone
        continue
      }
      if (random.int(1, FROZEN_ONE_IN) === 1) {
        freezes += 1
        child.kill('SIGSTOP')
        // Another one works beside it meanwhile, and both do when it wakes.
        void timer(FROZEN_MILLISECONDS).then(() => {
          child.kill('SIGCONT')
          return timer(2_000).then(() => child.kill('SIGKILL'))
        })
        continue
      }
      if (child.kill('SIGKILL')) kills += 1
      await gone
    }
  }

  const places = Array.from({ length: WORKERS }, place)
  return {
    kills: () => kills,
    freezes: () => freezes,
    async rest() {
      resting = true
      // Frozen ones wake up and find out that they have lost their run.
      if (freezes > 0) await timer(FROZEN_MILLISECONDS + 5_000)
    },
    async stop() {
      stopped = true
      for (const child of alive) child.kill('SIGKILL')
      await Promise.all(places)
    },
  }
}
