import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { currentConnection } from '#lib/store/connections'
import { database } from '#lib/store/database'
import { type CliWorld, documentOf, openCliWorld } from '../support/cli.ts'
import { insertCrmRecord, insertFindings, insertPairs, insertProject } from '../support/console-rows.ts'

const KEYS = ['type', 'erpKey', 'erpName', 'crmId', 'crmName', 'matchedBy', 'status', 'lastSyncedAt']

interface Row {
  readonly type: string
  readonly erpKey: string
  readonly crmId: string | null
  readonly matchedBy: string | null
  readonly status: string
}

let world: CliWorld
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crosswalk-mappings-'))
  world = await openCliWorld()
  expect((await world.run('mappings', '--json')).stdout).toBe('[]\n')
  const id = (await currentConnection())?.id ?? ''
  for (const key of ['1', '2', '3', '4']) {
    await insertProject(id, { key, name: `Project ${key}` })
    await insertCrmRecord(id, { id: `P-${key}`, name: `Project ${key}` })
  }
  await insertPairs(id, [
    { erpKey: '1', lastSyncedAt: new Date('2026-05-04T10:00:00Z') },
    { type: 'client', erpKey: '9', erpName: '=cmd|calc', crmId: 'ABCDEF' },
    { erpKey: '8', removedAt: new Date('2026-05-04T10:00:00Z') },
  ])
  await insertFindings(id, [
    { erpKey: '2', kind: 'no_match' },
    { erpKey: '3', kind: 'ambiguous', crmIds: ['P-3', 'P-33'] },
  ])
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

async function rows(...words: string[]): Promise<Row[]> {
  const result = await world.run('mappings', '--json', ...words)
  expect(result.status).toBe(0)
  return documentOf<Row[]>(result)
}

/** Ajera keys of the living pairs. */
async function pairedKeys(): Promise<string[]> {
  const pairs = await database().crmMapping.findMany({ where: { removedAt: null }, orderBy: { erpKey: 'asc' } })
  return pairs.map((pair) => pair.erpKey)
}

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

test('--json prints pairs and findings with exactly the keys of the contract; only pairs have a CRM id', async () => {
  const all = await rows()
  for (const row of all) expect(Object.keys(row)).toEqual(KEYS)
  expect(all.map((row) => [row.type, row.erpKey, row.crmId, row.status]).sort()).toEqual([
    ['client', '9', 'ABCDEF', 'active'],
    ['project', '1', 'P-1', 'active'],
    ['project', '2', null, 'no_match'],
    ['project', '3', null, 'ambiguous'],
    ['project', '8', 'P-8', 'removed'],
  ])
  expect(all.find((row) => row.erpKey === '1')).toEqual({
    type: 'project',
    erpKey: '1',
    erpName: 'Project 1',
    crmId: 'P-1',
    crmName: 'Project 1',
    matchedBy: 'name',
    status: 'active',
    lastSyncedAt: '2026-05-04T10:00:00.000Z',
  })
})

test('type and status narrow it', async () => {
  expect((await rows('--type', 'client')).map((row) => row.erpKey)).toEqual(['9'])
  expect((await rows('--status', 'no_match')).map((row) => row.erpKey)).toEqual(['2'])
  expect((await world.run('mappings', '--type', 'client')).stdout).toContain('ABCDEF')
})

test('--csv cannot be run as a formula by a spreadsheet', async () => {
  const { stdout } = await world.run('mappings', '--csv', '--type', 'client')
  expect(stdout.split('\n')[0]).toBe(KEYS.join(','))
  expect(stdout).toContain(`client,9,'=cmd|calc,ABCDEF`)
})

test('link pairs two records by hand, and unlink ends the pair; both are on the log and in the audit trail', async () => {
  const linked = await world.run('mappings', 'link', 'project', '2', 'P-2')
  expect(linked).toMatchObject({ status: 0, stderr: '' })
  expect((await rows('--status', 'active')).find((row) => row.erpKey === '2')).toMatchObject({ matchedBy: 'person' })

  const unlinked = await world.run('mappings', 'unlink', 'project', '2')
  expect(unlinked.status).toBe(0)
  expect(await pairedKeys()).not.toContain('2')

  const log = documentOf<{ method: string }[]>(await world.run('log', '--json', '--type', 'project'))
  expect(log.map((line) => line.method)).toEqual(['Remove Mapping', 'Map Project'])
  const audited = await database().auditEvent.findMany({ where: { actor: 'cli', action: { startsWith: 'mapping.' } } })
  expect(audited.map((event) => event.action)).toEqual(['mapping.link', 'mapping.unlink'])
})

test.each([
  [['link', 'project', '4711', 'P-4'], 'No project with key 4711 is known'],
  [['link', 'project', '4', 'NOPE'], 'No project with id NOPE is known'],
  [['link', 'project', '4', 'P-1'], 'already paired'],
  [['unlink', 'project', '4'], 'no pair'],
])('mappings %j is refused with a sentence and 1', async (words, sentence) => {
  const result = await world.run('mappings', ...words)
  expect(result).toMatchObject({ status: 1, stdout: '' })
  expect(result.stderr).toContain(sentence)
})

test.each(['csv', 'json'])('what export writes as %s, import brings back', async (kind) => {
  const path = join(folder, `all.${kind}`)
  const exported = await world.run('mappings', 'export', path)
  expect(exported.status).toBe(0)
  expect(await readFile(path, 'utf8')).toContain('=cmd|calc')
  await world.run('mappings', 'unlink', 'project', '1')
  const imported = await world.run('mappings', 'import', path)
  expect(imported).toMatchObject({ status: 0, stdout: '1 paired, 1 were pairs already, 0 refused.\n', stderr: '' })
  expect(await pairedKeys()).toEqual(['1', '9'])
})

test('a row that cannot be paired is told with its line, the others are paired, and the status is 3', async () => {
  const path = await file('some.csv', 'type,erpKey,crmId\nproject,4711,P-4\nproject,4,P-4\nproject,3,\n')
  const result = await world.run('mappings', 'import', path)
  expect(result.status).toBe(3)
  expect(result.stdout).toBe('1 paired, 0 were pairs already, 1 refused.\n')
  expect(result.stderr).toContain(`${path}, line 2: No project with key 4711`)
  expect(await pairedKeys()).toContain('4')
})

test.each([
  ['no-column.csv', 'type,erpKey\nproject,2\n', 'has no column crmId'],
  ['wrong-type.csv', 'type,erpKey,crmId\nproject,2,P-2\ninvoice,3,P-3\n', 'line 3: the type is one of'],
  ['no-key.csv', 'type,erpKey,crmId\nproject,,P-2\n', 'line 2: the Ajera key is missing'],
  ['ragged.csv', 'type,erpKey,crmId\nproject,2\n', 'Line 2 has 2 values'],
  ['no-array.json', '{"type":"project"}', 'is no JSON array'],
  ['wrong.json', '[{"type":"project","erpKey":2,"crmId":"P-2"}]', 'row 1:'],
])('a wrong file (%s) changes nothing and exits with 2', async (name, content, sentence) => {
  const result = await world.run('mappings', 'import', await file(name, content))
  expect(result).toMatchObject({ status: 2, stdout: '' })
  expect(result.stderr).toContain(sentence)
  expect(await pairedKeys()).not.toContain('2')
})

test('a file that is not there, and a place that cannot be written, are told', async () => {
  const missing = await world.run('mappings', 'import', join(folder, 'none.csv'))
  expect(missing.status).toBe(2)
  expect(missing.stderr).toContain('there is no such file')
  const nowhere = await world.run('mappings', 'export', join(folder, 'none', 'all.csv'))
  expect(nowhere.status).toBe(1)
  expect(nowhere.stderr).toContain('its folder does not exist')
})
