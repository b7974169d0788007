import { type Child, type ChildOptions, startChild } from './child.ts'
import { OperatorProblem } from './operator-problem.ts'

/** Runs what belongs to one start, and ends all of it, last started first. */
export type Supervisor = {
  /** Starts a program that is ended with the others. */
  start(
    options: Omit<ChildOptions, 'cwd' | 'env'> & { env?: Record<string, string>; patienceMs?: number },
  ): Promise<Child>
  /** From now on the end of this program is the end of everything. */
  require(child: Child, log: string | null): void
  /** What else is to be ended, in turn with the programs. */
  onStop(end: () => Promise<void>): void
  /** Rejects with a sentence when something that is required went away. */
  broken: Promise<never>
  fail(problem: OperatorProblem): void
  stop(): Promise<void>
}

const PATIENCE_MS = 5000
/** Among a program's last lines, the one that tells why it ended. */
const COMPLAINT = /error|fail|cannot|could not|refused|in use|denied/i

export function createSupervisor(given: {
  cwd: string
  env: NodeJS.ProcessEnv
  /** Told of every program before anything else happens. */
  onStart: (pid: number | undefined) => Promise<void>
}): Supervisor {
  const ends: (() => Promise<void>)[] = []
  let stopping: Promise<void> | null = null
  const { promise: broken, reject } = Promise.withResolvers<never>()
  // Whoever waits for it hears of it; nobody may be waiting yet.
  broken.catch(() => undefined)

  const supervisor: Supervisor = {
    broken,
    fail: (problem) => {
      if (!stopping) reject(problem)
    },
    onStop: (end) => {
      ends.push(end)
    },
    start: async ({ env, patienceMs, ...options }) => {
      if (stopping) throw new OperatorProblem('Stopped.')
      const child = startChild({ ...options, cwd: given.cwd, env: { ...given.env, ...env } })
      ends.push(() => child.stop(patienceMs ?? PATIENCE_MS))
      await given.onStart(child.pid)
      return child
    },
    require: (child, log) => {
      child.ended.then(({ how, lastLines }) => {
        const reason = lastLines.findLast((line) => COMPLAINT.test(line))
        const where = log === null ? '' : `; see ${log}`
        const sentence = `Everything stops, because ${child.name} has ended by itself (${reason?.replace(/\.$/, '') ?? how})${where}.`
        supervisor.fail(new OperatorProblem(sentence))
      })
    },
    stop: () => {
      stopping ??= endAll(ends)
      return stopping
    },
  }
  return supervisor
}

async function endAll(ends: (() => Promise<void>)[]): Promise<void> {
  for (const end of ends.toReversed()) await end()
}
