// Plain JavaScript for whatever Node (20 or newer) a machine has, and no package: it runs before anything is installed.
// It makes the packages agree with the lockfile, then hands over to the Node that the repository pins.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)))
const pinnedNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** @type {Record<string, string[]>} */
const programs = {
  start: ['lib/ops/start.ts'],
  dev: ['lib/ops/start.ts', '--dev'],
  test: ['lib/ops/run-tests.ts'],
  lint: ['lib/ops/run-lint.ts'],
  typecheck: ['lib/ops/run-typecheck.ts'],
}

const [command = '', ...args] = process.argv.slice(2)
const program = programs[command]
if (!program) fail(`Say which: ${Object.keys(programs).join(', ')}.`, 2)
if (!packagesAreCurrent()) install()
run([...program, ...args])

/** npm writes node_modules/.package-lock.json last, so it tells a whole installation from a half one. */
function packagesAreCurrent() {
  if (!existsSync(pinnedNode)) return false
  const wanted = readPackages(join(root, 'package-lock.json'))
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'))
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true
    const found = installed[path]
    // Packages for other platforms are left out on purpose.
    return found ? found.version === version : optional === true
  })
}

/** @returns {Record<string, { version?: string, optional?: boolean }>} */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {}
  } catch {
    return {}
  }
}

function install() {
  const claim = claimInstall()
  try {
    const from = Date.now()
    console.log('Installing the packages (only at the first start and after an update; about a minute) ...')
    const done = npmCi()
    if (done.status !== 0) fail(installProblem(`${done.stderr ?? ''}${done.error?.message ?? ''}`))
    if (!existsSync(pinnedNode))
      fail('The packages are installed, but not Node itself: allow install scripts in npm and start again.')
    console.log(`Packages installed in ${Math.round((Date.now() - from) / 1000)} s.`)
  } finally {
    rmSync(claim, { force: true })
  }
}

/** With the machine's own Node: the pinned one is among what npm is about to replace. */
function npmCi() {
  const path = outsidePath()
  const env = { ...process.env, PATH: path, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath }
  const options = /** @type {const} */ ({ cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
  const flags = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const cli = process.env.npm_execpath
  return cli?.endsWith('.js')
    ? spawnSync('node', [cli, ...flags], options)
    : spawnSync('npm', flags, { ...options, shell: process.platform === 'win32' })
}

function outsidePath() {
  const entries = (process.env.PATH ?? '').split(delimiter)
  return entries.filter((entry) => !resolve(entry).startsWith(join(root, 'node_modules'))).join(delimiter)
}

/** Two installations at once would destroy each other. */
function claimInstall() {
  const claim = join(root, '.crosswalk', 'installing')
  try {
    mkdirSync(join(root, '.crosswalk'), { recursive: true, mode: 0o711 })
    const owner = existsSync(claim) ? Number(readFileSync(claim, 'utf8')) : 0
    if (owner && isAlive(owner)) {
      fail(`The packages of this folder are being installed already (process ${owner}): wait for it and start again.`)
    }
    writeFileSync(claim, String(process.pid))
  } catch (error) {
    fail(`Cannot write in ${root} (${error.code ?? error.message}): start as the user whom the folder belongs to.`)
  }
  return claim
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** @param {string} text */
function installProblem(text) {
  if (/ENOSPC|no space left/i.test(text))
    return 'The packages could not be installed: the disk is full. Free some space and start again.'
  if (/EACCES|EPERM|EROFS/.test(text))
    return `The packages could not be installed: ${root} cannot be written. Start as the user whom it belongs to.`
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|network/i.test(text)) {
    return 'The packages could not be installed: the npm registry cannot be reached. Check the network (npm ping) and start again.'
  }
  const line = text.split('\n').find((entry) => /npm (error|ERR!) (?!code)/.test(entry))
  const reason = (line ?? 'npm ci failed').replace(/^npm (error|ERR!)\s*/, '')
  return `The packages could not be installed: ${reason}. Run npm ci to see all of it.`
}

/** @param {string[]} argv */
function run(argv) {
  const [script = '', ...rest] = argv
  const bin = join(root, 'node_modules', '.bin')
  const child = spawn(pinnedNode, ['--disable-warning=ExperimentalWarning', join(root, script), ...rest], {
    // The channel tells the program when this process is gone, also by a kill -9.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) },
  })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // A terminal sends Ctrl-C to the program as well; hearing it twice does no harm.
    process.on(signal, () => child.kill(signal))
  }
  stopWithNpm(() => child.kill('SIGTERM'))
  child.on('error', (error) => fail(`${relative(root, pinnedNode)} cannot be run (${error.message}): run npm ci.`))
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}

/** Under npm: when npm and its shell are killed, nobody is left who could press Ctrl-C. @param {() => void} stop */
function stopWithNpm(stop) {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) stop()
  }, 2000).unref()
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function fail(sentence, status = 1) {
  console.error(sentence)
  rmSync(join(root, '.crosswalk', 'installing'), { force: true })
  process.exit(status)
}
