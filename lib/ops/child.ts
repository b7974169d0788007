import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { scrubText } from './scrub.ts'

/** A program that runs for this installation, on the same Node, in a process group of its own. */
export type Child = {
  /** What people call it: "the web app". */
  name: string
  pid: number | undefined
  /** Resolves when it has ended, with a few words on how. Never rejects. */
  ended: Promise<Ending>
  /** Asks it to end, and after some patience makes it. */
  stop(patienceMs: number): Promise<void>
}

export type Ending = { ok: boolean; how: string; lastLines: string[] }

export type ChildOptions = {
  name: string
  args: string[]
  cwd: string
  env: NodeJS.ProcessEnv
  /** Everything it prints goes there, or to this terminal. */
  output: { file: string } | 'terminal'
  /** Each line of its standard output, before it goes on to the file. True: this line is not written. */
  onLine?: (line: string) => boolean
}

const LAST_LINES = 12
const TETHER = fileURLToPath(new URL('tether.mjs', import.meta.url))

/**
 * Starts a program. It does not get this terminal's Ctrl-C, so that it ends when and in the order its starter wants; when
 * the starter itself is killed, it ends by itself within seconds (tether.mjs).
 */
export function startChild(options: ChildOptions): Child {
  const piped = options.output !== 'terminal'
  const child = spawn(process.execPath, ['--import', TETHER, ...options.args], {
    cwd: options.cwd,
    env: {
      ...options.env,
      CROSSWALK_STARTED_BY: String(process.pid),
      // Colours belong on a terminal, not in a file.
      ...(piped && { NO_COLOR: '1', FORCE_COLOR: '0' }),
    },
    detached: true,
    stdio: piped ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const lastLines = options.output === 'terminal' ? [] : collect(child, options.output.file, options.onLine)
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', (error) => resolve({ ok: false, how: error.message, lastLines }))
    child.once('close', (code, signal) => {
      resolve({ ok: code === 0, how: signal ? `signal ${signal}` : `exit status ${code}`, lastLines })
    })
  })
  return { name: options.name, pid: child.pid, ended, stop: (patienceMs) => stop(child, ended, patienceMs) }
}

function collect(child: ChildProcess, file: string, onLine: ChildOptions['onLine']): string[] {
  const log = createWriteStream(file, { flags: 'a', mode: 0o600 })
  // A full disk must not end what it runs beside.
  log.on('error', () => undefined)
  const lastLines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', (line) => {
      if (stream === child.stdout && onLine?.(line)) return
      log.write(`${line}\n`)
      if (line.trim() !== '') lastLines.push(scrubText(line.trim()))
      if (lastLines.length > LAST_LINES) lastLines.shift()
    })
  }
  child.once('close', () => log.end())
  return lastLines
}

async function stop(child: ChildProcess, ended: Promise<Ending>, patienceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  child.kill('SIGTERM')
  const late = new AbortController()
  const inTime = await Promise.race([
    ended.then(() => true),
    sleep(patienceMs, false, { signal: late.signal }).catch(() => false),
  ])
  late.abort()
  if (inTime) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
  await ended
}
