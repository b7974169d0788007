import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { currentConnection } from '#lib/store/connections'
import { type CliWorld, documentOf, openCliWorld } from '../support/cli.ts'
import { insertLines } from '../support/console-rows.ts'

const KEYS = ['at', 'severity', 'code', 'method', 'type', 'erpKey', 'erpName', 'crmId', 'message', 'runId']

interface Line {
  readonly at: string
  readonly severity: string
  readonly method: string
  readonly type: string | null
  readonly erpName: string | null
  readonly message: string
}

let world: CliWorld

beforeAll(async () => {
  world = await openCliWorld()
  // The first command brings the connection of the environment into the database.
  expect((await world.run('log', '--json')).status).toBe(0)
  const connection = await currentConnection()
  if (!connection) throw new Error('There is no connection.')
  await insertLines(connection.id, [
    { at: '2026-05-04T10:00:00.000001Z', message: 'first' },
    {
      at: '2026-05-04T10:00:01Z',
      severity: 'error',
      code: 'CW-1402',
      method: 'Map Project',
      type: 'project',
      erpKey: '7',
      erpName: '=HYPERLINK("http://evil")',
      crmId: '-P7',
      message: '+1 Main St, "East", was not matched\nat all',
    },
    ...Array.from({ length: 150 }, (_, i) => ({
      at: `2026-05-05T10:${String(i % 60).padStart(2, '0')}:00Z`,
      severity: 'warning' as const,
      message: `later ${i}`,
    })),
  ])
})
afterAll(() => world.close())

async function lines(...words: string[]): Promise<Line[]> {
  const result = await world.run('log', '--json', ...words)
  expect(result.status).toBe(0)
  return documentOf<Line[]>(result)
}

test('--json prints an array, newest first, each line with exactly the keys of the contract', async () => {
  const all = await lines()
  expect(all).toHaveLength(152)
  for (const line of all) expect(Object.keys(line)).toEqual(KEYS)
  expect(all.at(-1)).toEqual({
    at: '2026-05-04T10:00:00.000001Z',
    severity: 'info',
    code: null,
    method: 'Synchronize',
    type: null,
    erpKey: null,
    erpName: null,
    crmId: null,
    message: 'first',
    runId: null,
  })
  const stamps = all.map((line) => line.at)
  expect(stamps).toEqual([...stamps].sort().reverse())
})

test('every filter narrows it, and they hold together', async () => {
  expect(await lines('--severity', 'error')).toHaveLength(1)
  expect(await lines('--type', 'project')).toHaveLength(1)
  expect(await lines('--method', 'Map Project')).toHaveLength(1)
  expect((await lines('--text', 'EAST')).map((line) => line.severity)).toEqual(['error'])
  expect(await lines('--text', 'later 14', '--limit', '3')).toHaveLength(3)
  expect(await lines('--severity', 'error', '--type', 'client')).toEqual([])
})

test('on the screen there are a hundred lines unless more are asked for', async () => {
  const count = async (...words: string[]) => (await world.run('log', ...words)).stdout.trimEnd().split('\n').length - 1
  expect(await count()).toBe(100)
  expect(await count('--limit', '10000')).toBe(152)
})

test('--csv cannot be run as a formula by a spreadsheet', async () => {
  const { stdout, status } = await world.run('log', '--csv', '--severity', 'error')
  expect(status).toBe(0)
  expect(stdout).toBe(
    `${KEYS.join(',')}\n2026-05-04T10:00:01.000000Z,error,CW-1402,Map Project,project,7,"'=HYPERLINK(""http://evil"")",'-P7,"'+1 Main St, ""East"", was not matched\nat all",\n`,
  )
})

test('nothing that fits is a sentence on the screen and an empty array in JSON', async () => {
  expect((await world.run('log', '--text', 'nowhere')).stdout).toBe('The log has no line that fits.\n')
  expect(await lines('--text', 'nowhere')).toEqual([])
})

test('a run that does not exist is told as such', async () => {
  const id = randomUUID()
  for (const words of [
    ['log', '--run', id],
    ['runs', 'show', id],
    ['runs', 'cancel', id],
  ]) {
    const result = await world.run(...words)
    expect(result).toMatchObject({ status: 2, stdout: '' })
    expect(result.stderr).toBe(`There is no run ${id}: crosswalk runs shows those there are.\n`)
  }
})

test('a reader that has had enough is no failure', async () => {
  const running = world.start('log', '--json', '--limit', '10000')
  running.child.stdout?.destroy()
  const result = await running.result
  expect(result).toMatchObject({ status: 0, stderr: '' })
})
