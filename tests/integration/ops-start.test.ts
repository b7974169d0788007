import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { startChild } from '../../lib/ops/child.ts'
import { freePort } from '../../lib/ops/ports.ts'
import { processIdentity } from '../../lib/ops/process-identity.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'crosswalk start '))
  cleanups.push(() => rm(path, { recursive: true, force: true }))
  return path
}

type Ended = { status: number | null; output: string; lines: string[] }

/** Runs a program of ours with this environment and nothing of the developer's. */
async function run(script: string, args: string[], env: Record<string, string>, cwd = ROOT): Promise<Ended> {
  const child = spawn(process.execPath, [join(cwd, script), ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  cleanups.push(() => child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const [status] = await once(child, 'close')
  return { status, output, lines: output.trim().split('\n') }
}

async function start(env: Record<string, string>): Promise<Ended & { dataDirectory: string }> {
  const dataDirectory = env.CROSSWALK_DATA_DIR ?? (await folder())
  const port = env.PORT ?? String(await freePort())
  const ended = await run('lib/ops/start.ts', [], { ...env, PORT: port, CROSSWALK_DATA_DIR: dataDirectory })
  return { ...ended, dataDirectory }
}

describe('npm start refuses in one sentence', () => {
  test('a wrong variable: named, status 2, nothing begun', async () => {
    const { status, lines, dataDirectory } = await start({ CROSSWALK_BATCH_SIZE: 'nonsense' })
    expect(lines).toEqual(['CROSSWALK_BATCH_SIZE must be a whole number from 1 to 10000.'])
    expect(status).toBe(2)
    expect(await readdir(dataDirectory)).toEqual([])
  })

  test('a part of a connection: the missing variable, status 2', async () => {
    const { status, lines } = await start({ AJERA_API_URL: 'https://ajera.example.com' })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^AJERA_USERNAME is missing/)
    expect(status).toBe(2)
  })

  test('the sample key: status 2, before the database is asked for anything', async () => {
    const { status, output } = await start({
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
      CROSSWALK_ENCRYPTION_KEY: 'c2FtcGxlLWtleS1zYW1wbGUta2V5LXNhbXBsZS1rZXk=',
    })
    expect(output).toMatch(/CROSSWALK_ENCRYPTION_KEY is the sample/)
    expect(status).toBe(2)
  })

  test('a port in use: named, status 1, no database begun', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await once(squatter, 'listening')
    cleanups.push(() => squatter.close())
    const address = squatter.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { status, lines, dataDirectory } = await start({ PORT: String(port) })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(new RegExp(`^Port ${port} is in use by another program`))
    expect(status).toBe(1)
    expect(await readdir(dataDirectory)).toEqual([])
  })

  test('a database that does not answer, or refuses the password: told without the password, status 1', async () => {
    const silent = await start({ DATABASE_URL: `postgresql://u:canary@127.0.0.1:${await freePort()}/crosswalk` })
    expect(silent.lines.at(-1)).toMatch(/^No database answers at 127\.0\.0\.1:\d+: start PostgreSQL there, or correct/)
    const wrong = new URL(inject('templateDatabaseUrl'))
    wrong.password = 'canary'
    const refused = await start({ DATABASE_URL: wrong.href })
    expect(refused.lines.at(-1)).toMatch(/refuses the password of crosswalk: correct DATABASE_URL\.$/)
    expect([silent.status, refused.status]).toEqual([1, 1])
    expect(silent.output + refused.output).not.toMatch(/canary|at .*\.ts:\d+/)
    expect(await readdir(refused.dataDirectory)).toEqual(['secrets.json'])
  })

  test('a second start in the same folder: told where the first one is', async () => {
    const dataDirectory = await folder()
    const running = { pid: process.pid, identity: await processIdentity(process.pid) }
    const lock = { ...running, address: 'http://localhost:3456', children: [] }
    await writeFile(join(dataDirectory, 'supervisor.json'), JSON.stringify(lock))
    const { status, lines } = await start({ CROSSWALK_DATA_DIR: dataDirectory })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(`Crosswalk already runs here: open http://localhost:3456`)
    expect(status).toBe(1)
  })

  test('a folder that cannot be one: named, status 1', async () => {
    const file = join(await folder(), 'file')
    await writeFile(file, '')
    const { status, lines } = await start({ CROSSWALK_DATA_DIR: join(file, 'data') })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^Cannot create .*: a file is in the way/)
    expect(status).toBe(1)
  })
})

describe('the first start', () => {
  /** A clone with nothing installed, and an npm that ends as told. */
  async function bareClone(npm: string): Promise<{ cwd: string; env: Record<string, string> }> {
    const cwd = await folder()
    await mkdir(join(cwd, 'lib', 'ops'), { recursive: true })
    const bootstrap = new URL('../../lib/ops/bootstrap.mjs', import.meta.url)
    await writeFile(join(cwd, 'lib/ops/bootstrap.mjs'), await readFile(bootstrap))
    await writeFile(join(cwd, 'package-lock.json'), '{"packages":{"":{},"node_modules/a":{"version":"1.0.0"}}}')
    await writeFile(join(cwd, 'npm.js'), npm)
    return { cwd, env: { npm_execpath: join(cwd, 'npm.js') } }
  }

  test.each([
    ['npm error code ENOSPC', /the disk is full\. Free some space and start again\.$/],
    ['npm error code ENOTFOUND\nnpm error network request to registry failed', /the npm registry cannot be reached/],
    ['npm error code EACCES\nnpm error syscall mkdir', /cannot be written\. Start as the user whom it belongs to\.$/],
    ['npm error code E404\nnpm error 404 Not Found - thing', /404 Not Found - thing\. Run npm ci to see all of it\.$/],
  ])('packages that cannot be installed (%s) are one sentence', async (message, expected) => {
    const { cwd, env } = await bareClone(`console.error(${JSON.stringify(message)}); process.exit(1)`)
    const { status, lines } = await run('lib/ops/bootstrap.mjs', ['start'], env, cwd)
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^Installing the packages/)
    expect(lines[1]).toMatch(expected)
    expect(status).toBe(1)
  })

  test('installs what the lockfile wants, then hands over to the pinned Node, and does not install again', async () => {
    const { cwd, env } = await bareClone(`
      const { cpSync, mkdirSync, symlinkSync, writeFileSync, appendFileSync } = require('node:fs')
      mkdirSync('node_modules/node/bin', { recursive: true })
      symlinkSync(process.execPath, 'node_modules/node/bin/node')
      cpSync('package-lock.json', 'node_modules/.package-lock.json')
      appendFileSync('installed', process.argv.slice(2).join(' '))`)
    await writeFile(
      join(cwd, 'lib/ops/start.ts'),
      'console.log("started as", ...process.argv.slice(2)); process.exit(7)',
    )
    const first = await run('lib/ops/bootstrap.mjs', ['dev'], env, cwd)
    expect(first.lines.at(-1)).toBe('started as --dev')
    expect(first.status).toBe(7)
    const second = await run('lib/ops/bootstrap.mjs', ['dev'], env, cwd)
    expect(second.lines).toEqual(['started as --dev'])
    await writeFile(join(cwd, 'package-lock.json'), '{"packages":{"":{},"node_modules/a":{"version":"1.0.1"}}}')
    await rm(join(cwd, 'node_modules'), { recursive: true })
    expect((await run('lib/ops/bootstrap.mjs', ['dev'], env, cwd)).lines[0]).toMatch(/^Installing/)
  })
})

describe('a program that npm start runs', () => {
  const WAITS = 'setInterval(() => undefined, 1000); console.log(process.pid)'

  test('ends within seconds when its starter is killed with -9', async () => {
    const directory = await folder()
    const starter = join(directory, 'starter.ts')
    const child = new URL('../../lib/ops/child.ts', import.meta.url).href
    await writeFile(join(directory, 'waits.mjs'), WAITS)
    await writeFile(
      starter,
      `const { startChild } = await import(${JSON.stringify(child)})
      const child = startChild({ name: 'x', args: ['waits.mjs'], cwd: ${JSON.stringify(directory)}, env: process.env,
        output: { file: 'log' }, onLine: (line) => { console.log(line); return true } })`,
    )
    const parent = spawn(process.execPath, [starter], { cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] })
    const pid = Number(String((await once(parent.stdout, 'data'))[0]))
    expect(await processIdentity(pid)).not.toBeNull()
    parent.kill('SIGKILL')
    await expect.poll(() => processIdentity(pid), { timeout: 8000 }).toBeNull()
  })

  test('that ignores being asked is made to end', async () => {
    const directory = await folder()
    await writeFile(join(directory, 'deaf.mjs'), `process.on('SIGTERM', () => undefined); ${WAITS}`)
    const ready = Promise.withResolvers<void>()
    const child = startChild({
      name: 'deaf',
      args: ['deaf.mjs'],
      cwd: directory,
      env: process.env,
      output: { file: join(directory, 'log') },
      onLine: () => {
        ready.resolve()
        return true
      },
    })
    await ready.promise
    await child.stop(200)
    expect((await child.ended).how).toBe('signal SIGKILL')
  })
})
