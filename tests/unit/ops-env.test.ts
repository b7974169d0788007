import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { ENVIRONMENT_VARIABLES, type Environment, readEnvironment } from '../../lib/ops/env.ts'
import { encryptionKeyProblem, SAMPLE_ENCRYPTION_KEY } from '../../lib/ops/secrets.ts'

const CONNECTION = {
  AJERA_API_URL: 'https://ajera.example.com/V1/AjeraAPI.ashx?key',
  AJERA_USERNAME: 'api',
  AJERA_PASSWORD: 'secret',
  VANTAGEPOINT_API_URL: 'https://vp.example.com/Vantagepoint/api/',
  VANTAGEPOINT_DATABASE: 'C1',
  VANTAGEPOINT_CLIENT_ID: 'id',
  VANTAGEPOINT_CLIENT_SECRET: 'shh',
  VANTAGEPOINT_USERNAME: 'user',
  VANTAGEPOINT_PASSWORD: 'pass',
}

function environmentOf(env: Record<string, string>): Environment {
  const read = readEnvironment(env)
  if (!read.ok) throw new Error(read.problem)
  return read.environment
}

function problemOf(env: Record<string, string>): string {
  const read = readEnvironment(env)
  return read.ok ? '' : read.problem
}

async function exampleLines(): Promise<[string, string][]> {
  const text = await readFile(new URL('../../.env.example', import.meta.url), 'utf8')
  return [...text.matchAll(/^# ([A-Z][A-Z_]+)=(.*)$/gm)].map((match) => [match[1] ?? '', match[2] ?? ''])
}

describe('environment', () => {
  test('nothing set is a working local start', () => {
    expect(environmentOf({})).toEqual({
      databaseUrl: null,
      dataDirectory: '.crosswalk',
      port: 3000,
      nextauthUrl: null,
      nextauthSecret: null,
      encryptionKey: null,
      connection: null,
      settings: {
        batchSize: 500,
        crmConcurrency: 4,
        erpConcurrency: 4,
        erpRate: 9,
        crmRate: null,
        graceSeconds: 120,
        projectTotals: 'each_run',
        externalKeyField: 'CustAjeraKey',
        defaultTemplate: null,
      },
      settingsGiven: [],
      allowedHosts: [],
      sandbox: null,
    })
  })

  test('an empty variable counts as not set', () => {
    expect(environmentOf({ DATABASE_URL: '', PORT: ' ', CROSSWALK_CRM_RATE: '' })).toEqual(environmentOf({}))
  })

  test('a whole connection is read, its API address without a slash at the end', () => {
    const { connection } = environmentOf(CONNECTION)
    expect(connection?.crmUrl).toBe('https://vp.example.com/Vantagepoint/api')
    expect(connection?.erpUrl).toBe(CONNECTION.AJERA_API_URL)
  })

  test.each(Object.keys(CONNECTION))('a connection without %s names it', (name) => {
    expect(problemOf({ ...CONNECTION, [name]: '' })).toMatch(new RegExp(`^${name} is missing`))
  })

  test.each([
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['NEXTAUTH_URL', 'crosswalk.example.com'],
    ['NEXTAUTH_SECRET', 'short'],
    ['CROSSWALK_ENCRYPTION_KEY', 'c2hvcnQ='],
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '3000.5'],
    ['AJERA_API_URL', 'ftp://ajera'],
    ['VANTAGEPOINT_API_URL', 'https://vp.example.com/Vantagepoint'],
    ['CROSSWALK_BATCH_SIZE', '0'],
    ['CROSSWALK_BATCH_SIZE', '10001'],
    ['CROSSWALK_CRM_CONCURRENCY', '17'],
    ['CROSSWALK_ERP_CONCURRENCY', 'many'],
    ['CROSSWALK_ERP_RATE', '0'],
    ['CROSSWALK_CRM_RATE', '-1'],
    ['CROSSWALK_GRACE_SECONDS', '3601'],
    ['CROSSWALK_PROJECT_TOTALS', 'weekly'],
    ['CROSSWALK_EXTERNAL_KEY_FIELD', "x'; DROP"],
    ['CROSSWALK_ALLOWED_HOSTS', 'good.example.com, bad host/path'],
    ['CROSSWALK_ALLOWED_HOSTS', '*.example.com'],
  ])('a wrong %s (%s) is told by its name', (name, value) => {
    expect(problemOf({ [name]: value })).toMatch(new RegExp(`^${name} must be .+\\.$|^${name} must .+\\.$`))
  })

  test('no problem repeats a value that may be a secret', () => {
    expect(problemOf({ NEXTAUTH_SECRET: 'canary' })).not.toContain('canary')
    expect(problemOf({ DATABASE_URL: 'mysql://user:canary@host/x' })).not.toContain('canary')
  })
})

describe('.env.example', () => {
  test('lists every variable once, in the order of the code, and no other', async () => {
    expect((await exampleLines()).map(([name]) => name)).toEqual(ENVIRONMENT_VARIABLES)
  })

  test('shows the defaults that the code has', async () => {
    const shown = (await exampleLines()).filter(([name]) => name === 'PORT' || name.startsWith('CROSSWALK_'))
    const withoutKey = shown.filter(([name]) => name !== 'CROSSWALK_ENCRYPTION_KEY')
    const { settingsGiven, ...read } = environmentOf(Object.fromEntries(withoutKey))
    const { settingsGiven: none, ...defaults } = environmentOf({})
    expect(read).toEqual(defaults)
    expect([settingsGiven.length, none.length]).toEqual([7, 0])
  })

  test('has a key that works nowhere where it counts', async () => {
    const key = Object.fromEntries(await exampleLines()).CROSSWALK_ENCRYPTION_KEY
    expect(key).toBe(SAMPLE_ENCRYPTION_KEY)
    expect(encryptionKeyProblem({ CROSSWALK_ENCRYPTION_KEY: key, NODE_ENV: 'production' })).toMatch(/everyone knows/)
  })
})
