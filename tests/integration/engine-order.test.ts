import { afterEach, expect, test } from 'vitest'
import { sandboxControl } from '#lib/sandbox/control'
import { database } from '#lib/store/database'
import { type RecordedCall, recordedPorts } from '../support/recorded-ports.ts'
import { logOf, openWorld, type World } from '../support/world.ts'

const SIZE = { projects: 120, clients: 15, contacts: 30, employees: 10 }
const PEOPLE = ['employee', 'client', 'contact']

let world: World
afterEach(() => world.close())

const places = (calls: readonly RecordedCall[], is: (call: RecordedCall) => boolean) =>
  calls.flatMap((call, at) => (is(call) ? [at] : []))

/** The types in the order in which they first occur. */
const typesOf = (calls: readonly RecordedCall[]) => [...new Set(calls.map(({ type }) => type))]

test('the steps of a run follow each other, and types that others refer to come first (§3.1, §8.1, §8.2, §8.3, §8.6, §8.7, §8.8)', async () => {
  world = await openWorld(SIZE)
  const calls: RecordedCall[] = []
  const run = await world.run({ allBatches: true }, recordedPorts(world.openPorts, calls))
  const created = await database().syncItem.findMany({
    where: { runId: run.id, type: 'project', outcome: 'created' },
    select: { crmId: true },
  })
  const isNew = (key: string | null) => created.some(({ crmId }) => crmId === key)

  const steps: [string, (call: RecordedCall) => boolean][] = [
    ['preflight', ({ call }) => call === 'check'],
    ['read the ERP', ({ side, call }) => side === 'erp' && call === 'readChanged'],
    ['read the CRM', ({ side, call }) => side === 'crm' && call === 'readChanged'],
    ['people', ({ side, call, type }) => side === 'crm' && /create|update/.test(call) && type !== 'project'],
    [
      'projects',
      ({ side, call, type, detail }) => side === 'crm' && call === 'update' && type === 'project' && !isNew(detail),
    ],
    ['new projects', ({ side, call, type }) => side === 'crm' && call === 'create' && type === 'project'],
  ]
  const spans = steps.map(([name, is]) => ({ name, first: places(calls, is).at(0), last: places(calls, is).at(-1) }))
  for (const [index, { name, first }] of spans.entries()) {
    expect(first, name).toBeDefined()
    expect(first, `${name} begins after the step before it`).toBeGreaterThan(spans[index - 1]?.last ?? -1)
  }
  for (const side of ['erp', 'crm']) {
    const read = calls.filter((call) => call.side === side && call.call === 'readChanged')
    expect(typesOf(read)).toEqual([...PEOPLE, 'project'])
  }
  expect(typesOf(calls.filter(({ side, call }) => side === 'crm' && /create|update/.test(call)))).toEqual([
    ...PEOPLE,
    'project',
  ])
})

test('pairs are made before anything is sent, and the closing is the last line (§8.5, §8.10)', async () => {
  world = await openWorld(SIZE)
  const run = await world.run({ allBatches: true })
  const lines = await logOf(run.id)
  const paired = lines.flatMap(({ method }, at) => (method.startsWith('Map ') ? [at] : []))
  const sent = lines.flatMap(({ message }, at) => (/ was (created|updated) in /.test(message) ? [at] : []))
  expect(new Set(lines.filter((_, at) => paired.includes(at)).map(({ method }) => method)).size).toBe(4)
  expect(sent.length).toBeGreaterThan(30)
  expect(paired.at(-1)).toBeLessThan(sent[0] ?? 0)
  expect(lines.at(-1)).toMatchObject({ method: 'Synchronize', message: 'Sync Completed' })
})

test('project numbers, contacts of projects and phases never travel as updates (§8.7)', async () => {
  world = await openWorld(SIZE)
  const control = sandboxControl(world.sandbox.controlUrl)
  await world.run({ allBatches: true })
  const pair = await database().syncItem.findFirst({ where: { type: 'project', outcome: 'updated' } })
  if (!pair?.crmId) throw new Error('The sandbox has no pair of projects.')
  const written = (await control.journal({ system: 'crm' })).filter((call) => call.wrote && call.method === 'PUT')
  expect(written.length).toBeGreaterThan(30)
  for (const { name, bodyFields } of written) {
    expect(name).toMatch(/^PUT \/(project|firm|contact|employee)\/[^/]+$|^PUT \/firm\/[^/]+\/address\/[^/]+$/)
    for (const field of ['WBS1', 'WBS2', 'WBS3', 'Contacts', 'ContactID']) expect(bodyFields).not.toContain(field)
  }

  await control.clearJournal()
  const fields = { ID: 'RENUMBERED-1', Notes: 'Renumbered.' }
  await control.act({ action: 'edit', side: 'erp', type: 'project', key: Number(pair.erpKey), fields })
  await world.run()
  const sent = (await control.journal({ system: 'crm' })).filter((call) => call.wrote)
  expect(sent.map(({ name, bodyFields }) => [name, bodyFields])).toEqual([[`PUT /project/${pair.crmId}`, ['Memo']]])
})
