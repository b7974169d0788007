import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Starts Crosswalk as a newcomer does, with `npm start`, in a data directory of its own, and tells the tests where it
 * is and which link it printed.
 */
const ROOT = join(import.meta.dirname, '..', '..')
const READY_WITHIN_MILLISECONDS = 8 * 60 * 1000

export interface StartedApp {
  readonly url: string
  readonly setupUrl: string
  readonly dataDir: string
}

export default async function startApp(): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'crosswalk-e2e-'))
  const port = await freePort()
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port), CROSSWALK_DATA_DIR: dataDir, DATABASE_URL: '', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const setupUrl = await setupLink(child)
  const app: StartedApp = { url: new URL(setupUrl).origin, setupUrl, dataDir }
  process.env.CROSSWALK_E2E = JSON.stringify(app)
  await writeFile(join(dataDir, 'e2e.json'), JSON.stringify(app))
  return async () => {
    await stop(child)
    await rm(dataDir, { recursive: true, force: true })
  }
}

function setupLink(child: ChildProcess): Promise<string> {
  let printed = ''
  return new Promise((resolve, reject) => {
    const timeout = setTimeout(
      () => reject(new Error(`npm start was not ready in time:\n${printed}`)),
      READY_WITHIN_MILLISECONDS,
    )
    const read = (chunk: Buffer) => {
      printed += chunk.toString()
      const link = /https?:\/\/\S+\/setup\?token=\S+/.exec(printed)
      if (!link) return
      clearTimeout(timeout)
      resolve(link[0])
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => {
      clearTimeout(timeout)
      reject(new Error(`npm start ended with status ${code}:\n${printed}`))
    })
  })
}

/** Ctrl-C to the whole group, as a terminal sends it; what has not gone after half a minute is a defect. */
async function stop(child: ChildProcess): Promise<void> {
  const pid = child.pid
  if (pid === undefined || child.exitCode !== null) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  process.kill(-pid, 'SIGINT')
  const late = setTimeout(() => process.kill(-pid, 'SIGKILL'), 30_000)
  await gone
  clearTimeout(late)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise<void>((resolve) => server.close(() => resolve()))
  if (address === null || typeof address === 'string') throw new Error('No free port was found.')
  return address.port
}
