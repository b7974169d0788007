import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { database } from '#lib/store/database'
import { type CliWorld, openCliWorld, runCli } from '../support/cli.ts'
import { type CliEnvironment, connectionVariables } from '../support/connection-variables.ts'
import { freePort } from '../support/raw-server.ts'

let dataDirectory: string
beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'crosswalk-usage-'))
})
afterAll(() => rm(dataDirectory, { recursive: true, force: true }))

/** Neither a database nor a system is reachable: whatever is wrong with the words is told before they are needed. */
const nothing: CliEnvironment = { DATABASE_URL: 'postgresql://nobody:canary-password@127.0.0.1:1/none' }

describe('what was mistyped is told in a sentence, with status 2', () => {
  test.each([
    [['sync', '--batch', '5'], "unknown option '--batch'"],
    [['sync', '--when-no-match', 'delete'], 'Allowed choices are leave, create.'],
    [['sync', 'now'], 'too many arguments'],
    [['log', '--limit', '5k'], 'A whole number from 1 to 10,000 is needed.'],
    [['log', '--limit', '10001'], 'A whole number from 1 to 10,000 is needed.'],
    [['log', '--limit', '-1'], 'A whole number from 1 to 10,000 is needed.'],
    [['log', '--severity', 'fatal'], 'Allowed choices are info, warning, error.'],
    [['log', '--type', 'projects'], 'Allowed choices are employee, client, vendor, contact, project.'],
    [['log', '--text', ' '], 'From 1 to 200 characters are needed.'],
    [['log', '--run', '7'], 'A run id has 36 characters'],
    [['log', '--json', '--csv'], 'cannot be used with'],
    [['runs', 'show', 'latest'], 'A run id has 36 characters'],
    [['runs', 'cancel'], "missing required argument 'id'"],
    [['mappings', '--status', 'lost'], 'Allowed choices are'],
    [['mappings', 'link', 'invoice', '1', '2'], 'Allowed choices are employee, client, vendor, contact, project.'],
    [['mappings', 'link', 'project', '1'], "missing required argument 'crm-id'"],
    [['users', 'add', 'anna@firm.com'], "required option '--role <role>' not specified"],
    [['users', 'add', 'anna@firm.com', '--role', 'root'], 'Allowed choices are viewer, operator, admin.'],
    [['users', 'add', 'anna', '--role', 'admin'], 'anna is not an e-mail address.'],
    [['sandbox', '--projects', 'many'], 'A whole number from 0 to 100,000 is needed.'],
    [['sandbox', '--port', '99999'], 'A whole number from 1 to 65,533 is needed.'],
    [['sandbox', '--faults', '{"erp":{"nope":1}}'], 'nope'],
    [['frobnicate'], "unknown command 'frobnicate'"],
    [[], 'Usage: crosswalk'],
  ])('crosswalk %j', async (words, sentence) => {
    const result = await runCli(words, nothing)
    expect(result).toMatchObject({ status: 2, stdout: '' })
    expect(result.stderr).toContain(sentence)
    expect(result.stderr).not.toContain('    at ')
  })

  test('help that was asked for is no mistake, and offers nothing that is not there', async () => {
    const help = await runCli(['--help'], nothing)
    expect(help).toMatchObject({ status: 0, stderr: '' })
    for (const command of ['sync', 'runs', 'log', 'mappings', 'doctor', 'users', 'worker', 'sandbox']) {
      expect(help.stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
    }
    const sync = await runCli(['sync', '--help'], nothing)
    expect(sync.stdout).toContain('--all-batches')
    expect(sync.stdout).toContain('--preview')
    expect((await runCli(['--version'], nothing)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('what is wrong with the environment names itself, with status 2', () => {
  const credentials = {
    ajera: { url: 'http://127.0.0.1:1/a?b', username: 'u', password: 'p' },
    vantagepoint: {
      url: 'http://127.0.0.1:1/api',
      database: 'd',
      clientId: 'c',
      clientSecret: 's',
      username: 'u',
      password: 'p',
    },
  }
  const whole = connectionVariables({ credentials })

  test.each(['AJERA_API_URL', 'VANTAGEPOINT_PASSWORD'])('a connection without %s', async (missing) => {
    const result = await runCli(['sync', '--json'], { ...nothing, ...whole, [missing]: '' })
    expect(result).toMatchObject({ status: 2, stdout: '' })
    expect(result.stderr).toMatch(new RegExp(`^${missing} is missing`))
  })

  test.each([
    ['CROSSWALK_BATCH_SIZE', 'five hundred'],
    ['CROSSWALK_PROJECT_TOTALS', 'sometimes'],
    ['CROSSWALK_ERP_RATE', '0'],
    ['VANTAGEPOINT_API_URL', 'http://127.0.0.1/elsewhere'],
    ['DATABASE_URL', 'mysql://localhost/x'],
  ])('%s=%s', async (name, value) => {
    const result = await runCli(['doctor', '--json'], { ...nothing, ...whole, [name]: value })
    expect(result).toMatchObject({ status: 2, stdout: '' })
    expect(result.stderr).toMatch(new RegExp(`^${name} must`))
  })
})

describe('what is wrong with the database is told in a sentence, with status 1', () => {
  test('no database answers', async () => {
    const port = await freePort()
    const DATABASE_URL = `postgresql://somebody:canary-password@127.0.0.1:${port}/none`
    const result = await runCli(['sync', '--json'], { DATABASE_URL, CROSSWALK_DATA_DIR: dataDirectory })
    expect(result).toMatchObject({ status: 1, stdout: '' })
    expect(result.stderr).toBe(
      `No database answers at 127.0.0.1:${port}: start PostgreSQL there, or correct DATABASE_URL.\n`,
    )
  })

  describe('once it is there', () => {
    let world: CliWorld
    beforeAll(async () => {
      world = await openCliWorld()
    })
    afterAll(() => world.close())

    test('without a connection, the sentence says how to give one', async () => {
      const { DATABASE_URL = '', CROSSWALK_DATA_DIR = '' } = world.environment
      const environment = { DATABASE_URL, CROSSWALK_DATA_DIR }
      for (const words of [
        ['sync', '--json'],
        ['log', '--json'],
        ['doctor', '--json'],
      ]) {
        const result = await runCli(words, environment)
        expect(result).toMatchObject({ status: 2, stdout: '' })
        expect(result.stderr).toMatch(/^There is no connection yet: set AJERA_API_URL/)
      }
    })

    test('a defect shows one sentence; its details are in a file, without a stack on the screen or a secret anywhere', async () => {
      await database().$executeRaw`ALTER TABLE sync_run RENAME TO sync_run_gone`
      const result = await world.run('runs')
      expect(result).toMatchObject({ status: 1, stdout: '' })
      const file = join(world.environment.CROSSWALK_DATA_DIR ?? '', 'cli.log')
      expect(result.stderr).toBe(`An unexpected error ended the command. Its details are in ${file}.\n`)
      const details = await readFile(file, 'utf8')
      expect(details).toContain('sync_run')
      expect(details).toContain('"stack"')
      for (const [name, value] of Object.entries(world.environment)) {
        if (/PASSWORD|SECRET/.test(name)) expect(details).not.toContain(value)
      }
      const shown = await runCli(['runs'], { ...world.environment, CROSSWALK_DEBUG: '1' })
      expect(shown.stderr).toContain('"stack"')
    })
  })
})
