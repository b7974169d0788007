import { afterAll, beforeAll, expect, test } from 'vitest'
import { advanceRun } from '#lib/engine/advance'
import type { OpenPorts } from '#lib/engine/context'
import { requestCancel, startRun } from '#lib/engine/start'
import { realPorts } from '#lib/http/ports'
import type { Action } from '#lib/sandbox/actions'
import { type SandboxControl, sandboxControl } from '#lib/sandbox/control'
import { defaultFaults, type FaultPatch } from '#lib/sandbox/faults'
import { PROJECT_TYPES } from '#lib/sandbox/firm/lists'
import { database } from '#lib/store/database'
import type { RunOptions } from '#lib/sync/eligibility'
import { problemView } from '#lib/sync/problem-words'
import type { ProblemCode } from '#lib/sync/problems'
import type { RecordType } from '#lib/sync/records'
import { freePort } from '../support/raw-server.ts'
import { logOf, NO_OPTIONS, openWorld, portsOf, type World } from '../support/world.ts'

/** One small firm that everything happens to, one switch after the other; what is mended stays mended. */
const SIZE = { projects: 40, clients: 8, contacts: 20, employees: 8 }

let world: World
let control: SandboxControl

beforeAll(async () => {
  world = await openWorld(SIZE)
  control = sandboxControl(world.sandbox.controlUrl)
  await world.run({ allBatches: true })
})
afterAll(() => world.close())

interface Provocation {
  /** Codes that must be on the log of the run; it may have others. */
  readonly codes: readonly ProblemCode[]
  readonly faults?: FaultPatch
  readonly prepare?: () => Promise<FaultPatch | undefined>
  readonly ports?: () => Promise<OpenPorts>
  readonly options?: Partial<RunOptions>
  /** What happens to the run between its start and its end. */
  readonly meanwhile?: (runId: string, ports: OpenPorts) => Promise<void>
}

/** Ports that wait a twentieth of what they should, so that a test does not sit through six attempts. */
function hurried(more: Parameters<typeof portsOf>[3] = {}, engine: Parameters<typeof portsOf>[2] = {}): OpenPorts {
  const ports = {
    sleep: (milliseconds: number, signal?: AbortSignal) => realPorts.sleep(Math.max(1, milliseconds / 20), signal),
    random: () => 0,
  }
  return async () =>
    portsOf(world.sandbox.credentials, 0.05, engine, { erp: { ports, ...more.erp }, crm: { ports, ...more.crm } })
}

async function pairsOf(type: RecordType) {
  return database().crmMapping.findMany({
    where: { type, removedAt: null, lastSyncedAt: { not: null }, base: { not: undefined } },
    orderBy: { erpKey: 'asc' },
  })
}

async function pairOf(type: RecordType, index: number) {
  const found = (await pairsOf(type))[index]
  if (!found) throw new Error(`The sandbox has no pair ${index} of type ${type}.`)
  return found
}

type ErpType = 'project' | 'client' | 'contact' | 'employee'
type Fields = Extract<Action, { action: 'add' }>['fields']

const inErp = (type: ErpType, key: string, fields: Fields) =>
  control.act({ action: 'edit', side: 'erp', type, key: Number(key), fields })

async function newInErp(type: ErpType, fields: Fields): Promise<number> {
  return Number((await control.act({ action: 'add', side: 'erp', type, fields })).key)
}

const NEW_PROJECT = { Status: 'Active', ProjectTypeKey: 1, SyncToCRM: false, CreateInCRM: true }

const PROVOCATIONS: Readonly<Record<string, Provocation>> = {
  'a system that is down': {
    codes: ['CW-1001'],
    ports: async () => hurried({ erp: { url: `http://127.0.0.1:${await freePort()}/api?x` } }),
  },
  'a wrong password': { codes: ['CW-1002'], faults: { crm: { passwordGrant: false, refreshGrant: false } } },
  'a missing right to read': {
    codes: ['CW-1003'],
    faults: { crm: { rights: { contact: { read: false, write: false } } } },
  },
  'a session that is lost again and again': {
    codes: ['CW-1107'],
    ports: async () => afterDescription({ crm: { dropSessionEvery: 1 } }),
  },
  'a list that is cut': { codes: ['CW-1103'], faults: { crm: { only: 'GET /contact', truncated: 1000 } } },
  'a system that asks for long waits': {
    codes: ['CW-1105'],
    ports: async () =>
      afterDescription({
        crm: { rateLimit: { perSecond: 0.01, retryAfterSeconds: 120, form: 'seconds', status: 429 } },
      }),
  },
  'a person who cancels': {
    codes: ['CW-1010'],
    meanwhile: async (runId) => void (await requestCancel(runId, 'ann@example.com')),
  },
  'a process that stops': {
    codes: ['CW-1011'],
    meanwhile: async (runId, ports) => {
      const stopped = new AbortController()
      const open: OpenPorts = async (connectionId) => {
        const opened = await ports(connectionId)
        return {
          ...opened,
          crm: {
            ...opened.crm,
            describe: async (options) => {
              stopped.abort(new Error('This process is stopping.'))
              return opened.crm.describe(options)
            },
          },
        }
      }
      await advanceRun(runId, open, stopped.signal, () => undefined)
    },
  },
  'missing fields and a wrong clock': {
    codes: ['CW-1004', 'CW-1005', 'CW-1006'],
    faults: { crm: { externalKeyField: null, ajeraSyncColumn: false, totalsColumns: false, clockSkewSeconds: 900 } },
  },
  'missing rights to write': {
    codes: ['CW-1108', 'CW-1203'],
    options: { mapUnsynced: true },
    prepare: async () => {
      await inErp('contact', (await pairOf('contact', 0)).erpKey, { Title: 'Associate' })
      await newInErp('project', { ...NEW_PROJECT, Description: 'Left Alone', SyncToCRM: false, CreateInCRM: false })
      await control.act({
        action: 'add',
        side: 'crm',
        type: 'project',
        fields: { WBS1: 'LEFT-1', Name: 'Left Alone', ChargeType: 'R' },
      })
      return undefined
    },
    faults: {
      erp: { deniedMethods: ['UpdateProjects'] },
      crm: { rights: { contact: { read: true, write: false } } },
    },
  },
  'totals of one project that do not come': {
    codes: ['CW-1307'],
    ports: async () => afterDescription({ erp: { only: 'GetProjectTotals', htmlErrors: 6 } }, { erpConcurrency: 1 }),
  },
  'an answer to a create that is lost': {
    codes: ['CW-1404'],
    prepare: async () => void (await newInErp('contact', { FirstName: 'Lost', LastName: 'Answer' })) as undefined,
    faults: { crm: { only: 'POST /contact', lostAnswers: 1 } },
  },
  'a create that is never answered': {
    codes: ['CW-1120'],
    prepare: async () => void (await newInErp('contact', { FirstName: 'No', LastName: 'Answer' })) as undefined,
    faults: { crm: { only: 'POST /contact', htmlErrors: 3 } },
  },
  'one record that the CRM stumbles over': {
    codes: ['CW-1104'],
    prepare: async () => {
      const pair = await pairOf('contact', 1)
      await inErp('contact', pair.erpKey, { Title: 'Principal' })
      return { crm: { only: `PUT /contact/${pair.crmId}`, htmlErrors: 6 } }
    },
  },
  'an edit on both sides, where a person is to be asked': {
    codes: ['CW-1501'],
    ports: async () => hurried({}, { conflictPolicy: 'ask' }),
    prepare: async () => {
      const pair = await pairOf('contact', 2)
      await inErp('contact', pair.erpKey, { Title: 'Here' })
      await control.act({ action: 'edit', side: 'crm', type: 'contact', key: pair.crmId, fields: { Title: 'There' } })
      return undefined
    },
  },
  'what people enter': {
    codes: [
      'CW-1110',
      'CW-1112',
      'CW-1113',
      'CW-1114',
      'CW-1115',
      'CW-1201',
      'CW-1202',
      'CW-1301',
      'CW-1302',
      'CW-1304',
      'CW-1305',
      'CW-1306',
      'CW-1401',
      'CW-1402',
    ],
    prepare: enterNonsense,
    faults: { crm: { lengthUnit: 'utf-16', requiredFields: { contact: ['Title'] } } },
  },
}

/** The switches are turned when the preflight is over and the lists are about to be read. */
function afterDescription(faults: FaultPatch, engine: Parameters<typeof portsOf>[2] = {}): OpenPorts {
  const open = hurried({}, engine)
  return async (connectionId) => {
    const ports = await open(connectionId)
    return {
      ...ports,
      crm: {
        ...ports.crm,
        describe: async (options) => {
          const description = await ports.crm.describe(options)
          await control.setFaults(faults)
          return description
        },
      },
    }
  }
}

/** One record for each thing that can be wrong with one. */
async function enterNonsense(): Promise<undefined> {
  const projects = await pairsOf('project')
  const [long, typed, led, dated, marketed, named] = projects.filter((pair) => hasField(pair.base, 'ProjMgr'))
  const [badState, wide, untitled] = (await pairsOf('contact')).slice(4)
  const unknownType = PROJECT_TYPES.findIndex((type) => type.code === null) + 1
  const twins = { FirstName: 'Twin', LastName: 'Employee', Status: 'Active' }
  const [twin] = [await newInErp('employee', twins), await newInErp('employee', twins)]
  await control.act({
    action: 'add',
    side: 'crm',
    type: 'employee',
    fields: { Employee: 'TWIN', FirstName: 'Twin', LastName: 'Employee' },
  })

  await inErp('project', long?.erpKey ?? '', { Description: 'N'.repeat(3000) })
  await inErp('project', typed?.erpKey ?? '', { ProjectTypeKey: unknownType })
  await inErp('project', led?.erpKey ?? '', { ProjectManager: null })
  await inErp('project', dated?.erpKey ?? '', { EstimatedCompletionDate: '2026-02-31' })
  await inErp('project', marketed?.erpKey ?? '', { MarketingContact: twin ?? 0 })
  await inErp('contact', badState?.erpKey ?? '', { Country: 'USA', State: 'ZZ', Title: 'Partner' })
  await inErp('contact', wide?.erpKey ?? '', { FirstName: '𝟚'.repeat(20), Title: 'Partner' })
  await inErp('contact', untitled?.erpKey ?? '', { Title: '' })
  await newInErp('contact', { FirstName: 'Solo', LastName: '' })
  await newInErp('project', { ...NEW_PROJECT, Description: 'Nowhere To Be Found', SyncToCRM: true, CreateInCRM: false })
  await newInErp('project', { ...NEW_PROJECT, Description: 'Without A Number', ID: '' })
  await newInErp('project', { ...NEW_PROJECT, Description: 'With A Number In Use', ID: named?.crmId ?? '' })
  await newInErp('project', { ...NEW_PROJECT, Description: named?.crmName ?? '', ID: 'NAMESAKE-1' })
  return undefined
}

function hasField(base: unknown, field: string): boolean {
  return typeof base === 'object' && base !== null && field in base && Reflect.get(base, field) !== null
}

test.each(Object.entries(PROVOCATIONS))(
  '%s: every warning and error on the log has its entry in the catalogue (§11)',
  async (_, provocation) => {
    await control.setFaults(defaultFaults())
    const found = await provocation.prepare?.()
    for (const faults of [provocation.faults, found]) if (faults) await control.setFaults(faults)
    const ports = (await provocation.ports?.()) ?? hurried()
    const started = await startRun({
      connectionId: world.connectionId,
      trigger: 'cli',
      startedBy: 'test',
      options: { ...NO_OPTIONS, allBatches: true, ...provocation.options },
    })
    await provocation.meanwhile?.(started.runId, ports)
    await world.advance(started.runId, ports)

    const lines = (await logOf(started.runId)).filter((line) => line.severity !== 'info')
    const unknown = lines.filter((line) => problemView(line.code, { erp: 'Ajera', crm: 'Vantagepoint' }) === null)
    expect(unknown, 'lines without an entry').toEqual([])
    const codes = new Set(lines.map((line) => line.code))
    expect([...codes].toSorted()).toEqual(expect.arrayContaining([...provocation.codes]))
    for (const { message } of lines) expect(message).not.toMatch(/<[a-z!/]|\bat .*:\d+:\d+|undefined/i)
  },
)

test('no line of severity info has a code (§11)', async () => {
  expect(await database().integrationLogEntry.count({ where: { severity: 'info', code: { not: null } } })).toBe(0)
})
