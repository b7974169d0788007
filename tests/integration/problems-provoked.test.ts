import { afterAll, beforeAll, expect, test } from 'vitest'
import { advanceRun } from '#lib/engine/advance'
import { RunBroken } from '#lib/engine/context'
import { applyPlan } from '#lib/engine/plans'
import { requestCancel } from '#lib/engine/start'
import { startUndo } from '#lib/engine/start-undo'
import type { FaultPatch } from '#lib/sandbox/faults'
import { PROJECT_TYPES } from '#lib/sandbox/firm/lists'
import { database } from '#lib/store/database'
import { findPlanOfRun } from '#lib/store/plans'
import type { FailureReason } from '#lib/sync/ports'
import { problemView } from '#lib/sync/problem-words'
import { PROBLEMS, type ProblemCode, problemCodes } from '#lib/sync/problems'
import { afterDescription, deafErp, failingReads, failingUpdates, withCrm } from '../support/failing-ports.ts'
import {
  hurried,
  inErp,
  newInErp,
  openStage,
  type Provocation,
  pairOf,
  pairsOf,
  provoke,
  stage,
} from '../support/provoke.ts'
import { freePort } from '../support/raw-server.ts'

beforeAll(openStage)
afterAll(() => stage().world.close())

/** Of one record each: these end no run, since no two of them that speak of an outage stand next to each other. */
const REASONS = [
  'unreachable',
  'not-found',
  'timeout',
  'number-not-allowed',
  'unknown-field',
  'no-change',
  'invalid',
] as const satisfies readonly FailureReason[]

const LONG_WAITS = {
  crm: { rateLimit: { perSecond: 0.01, retryAfterSeconds: 120, form: 'seconds', status: 429 } },
} as const satisfies FaultPatch

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
  'a connection that cannot be opened': {
    codes: ['CW-1009'],
    ports: async () => async () => {
      throw new RunBroken(problemCodes.runBroke, 'The connection is given by variables that this process lacks.')
    },
  },
  'a run that gets nowhere': {
    codes: ['CW-1012'],
    meanwhile: async (runId) => {
      const long = new Date(Date.now() - 120_000)
      await database().syncRun.update({ where: { id: runId }, data: { attempts: 5, gotFurtherAt: long } })
    },
  },
  'access that is taken away': { codes: ['CW-1106'], ports: async () => failingReads('sign-in-refused') },
  'an address that nobody vouches for': { codes: ['CW-1119'], ports: async () => failingReads('address-refused') },
  'calls that fail for every other reason there is, and a list that is not given': {
    codes: ['CW-1101', 'CW-1102', 'CW-1109', 'CW-1111', 'CW-1116', 'CW-1117', 'CW-1118', 'CW-1303'],
    prepare: async () => {
      for (const pair of (await pairsOf('contact')).slice(0, REASONS.length)) {
        await inErp('contact', pair.erpKey, { Title: 'One after the other' })
      }
      await inErp('project', (await pairOf('project', 0)).erpKey, { ProjectTypeKey: 2 })
      return undefined
    },
    ports: async () => failingUpdates(REASONS),
  },
  'two records that could be the new one': {
    codes: ['CW-1403'],
    prepare: async () => {
      const key = await newInErp('employee', { FirstName: 'Luke', LastName: 'Alike' })
      const fields = { Employee: 'LUKE', LastName: 'Other', CustAjeraKey: String(key) }
      await stage().control.act({ action: 'add', side: 'crm', type: 'employee', fields })
      return undefined
    },
    faults: { crm: { autoNumber: { employee: 'on' }, only: 'POST /employee', lostAnswers: 1 } },
  },
  'a session that is lost again and again': {
    codes: ['CW-1107'],
    ports: async () => afterDescription({ crm: { dropSessionEvery: 1 } }),
  },
  'a list that is cut': { codes: ['CW-1103'], faults: { crm: { only: 'GET /contact', truncated: 1000 } } },
  'a system that asks for long waits at once': { codes: ['CW-1105'], faults: LONG_WAITS },
  'a system that asks for long waits while it goes': {
    codes: ['CW-1015'],
    ports: async () => afterDescription(LONG_WAITS),
  },
  'a system that stays away for a day': {
    codes: ['CW-1015', 'CW-1016'],
    ports: async () => afterDescription(LONG_WAITS),
    meanwhile: async (runId, ports) => {
      await advanceRun(runId, ports, new AbortController().signal, () => undefined)
      const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000)
      await database().syncRun.update({ where: { id: runId }, data: { parkedSince: yesterday, resumeAt: null } })
    },
  },
  'a person who cancels': {
    codes: ['CW-1010'],
    meanwhile: async (runId) => void (await requestCancel(runId, 'ann@example.com')),
  },
  'a process that stops': {
    codes: ['CW-1011'],
    meanwhile: async (runId, ports) => {
      const stopping = new AbortController()
      const open = withCrm(ports, (crm) => ({
        describe: async (options) => {
          stopping.abort(new Error('This process is stopping.'))
          return crm.describe(options)
        },
      }))
      await advanceRun(runId, open, stopping.signal, () => undefined)
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
      await stage().control.act({
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
      await stage().control.act({
        action: 'edit',
        side: 'crm',
        type: 'contact',
        key: pair.crmId,
        fields: { Title: 'There' },
      })
      return undefined
    },
  },
  'a record that is gone in the CRM': {
    codes: ['CW-1205'],
    prepare: async () => {
      const pair = await pairOf('contact', 3)
      await stage().control.act({ action: 'delete', side: 'crm', type: 'contact', key: pair.crmId })
      return undefined
    },
  },
  'an approved plan that is out of date': {
    codes: ['CW-1502'],
    start: async () => {
      const { erpKey } = await pairOf('contact', 0)
      await inErp('contact', erpKey, { Title: 'As approved' })
      const planned = await findPlanOfRun((await stage().world.run({ preview: true })).id)
      await inErp('contact', erpKey, { Title: 'As it is now' })
      return started(await applyPlan({ planId: planned?.id ?? '', by: 'test', trigger: 'cli' }))
    },
  },
  'an undo of what was changed since, and of what was created': {
    codes: ['CW-1503', 'CW-1504'],
    start: async () => {
      const pair = await pairOf('contact', 0)
      await inErp('contact', pair.erpKey, { Title: 'Written' })
      await newInErp('contact', { FirstName: 'Nell', LastName: 'Created', Title: 'Director' })
      const run = await stage().world.run()
      await stage().control.act({
        action: 'edit',
        side: 'crm',
        type: 'contact',
        key: pair.crmId,
        fields: { Title: 'Mine' },
      })
      return started(
        await startUndo(run.id, { trigger: 'cli', startedBy: 'test', choices: { reason: 'A test.', pins: false } }),
      )
    },
  },
  'flagged projects of the CRM that cannot be created in the ERP': {
    codes: ['CW-1204', 'CW-1405', 'CW-1406', 'CW-1407'],
    prepare: async () => {
      const [firm, namesake] = [await pairOf('client', 0), await pairOf('project', 1)]
      const flagged = {
        AjeraSync: 'Y',
        ChargeType: 'R',
        ClientID: firm.crmId,
        ProjectTemplate: 'Standard Architecture',
      }
      const rows: readonly Record<string, string>[] = [
        { WBS1: 'F-1', Name: 'Of A Name In Use', LongName: namesake.erpName },
        { WBS1: 'F-2', Name: 'Without A Template', ProjectTemplate: '' },
        { WBS1: 'F-3', Name: 'Of No Such Template', ProjectTemplate: 'Nowhere' },
        { WBS1: 'F-4', Name: 'Without A Client', ClientID: '' },
      ]
      for (const row of rows) {
        await stage().control.act({ action: 'add', side: 'crm', type: 'project', fields: { ...flagged, ...row } })
      }
      return undefined
    },
  },
  'a system that does not keep what it is given': {
    codes: ['CW-1308'],
    prepare: async () => {
      const { crmId } = await pairOf('contact', 1)
      const fields = { CellPhone: '555 0100' }
      await stage().control.act({ action: 'edit', side: 'crm', type: 'contact', key: crmId, fields })
      return undefined
    },
    ports: async () => deafErp(),
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
  'a list that leaves records out': { codes: ['CW-1013'], faults: { crm: { lists: { contact: 'half' } } } },
  'most records of a type gone': {
    codes: ['CW-1014'],
    prepare: async () => {
      const mapped = await database().crmMapping.findMany({ where: { type: 'project', removedAt: null }, take: 24 })
      for (const { crmId } of mapped)
        await stage().control.act({ action: 'delete', side: 'crm', type: 'project', key: crmId })
      return undefined
    },
  },
}

function started(
  answer: { readonly ok: true; readonly runId: string } | { readonly ok: false; readonly message: string },
) {
  if (!answer.ok) throw new Error(answer.message)
  return answer.runId
}

/** One record for each thing that can be wrong with one. */
async function enterNonsense(): Promise<undefined> {
  const projects = await pairsOf('project')
  const [long, typed, led, dated, marketed, named] = projects.filter((pair) => hasField(pair.base, 'ProjMgr'))
  const [badState, wide, untitled] = (await pairsOf('contact')).slice(4)
  const unknownType = PROJECT_TYPES.findIndex((type) => type.code === null) + 1
  const twins = { FirstName: 'Twin', LastName: 'Employee', Status: 'Active' }
  const [twin] = [await newInErp('employee', twins), await newInErp('employee', twins)]
  await stage().control.act({
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
    const lines = await provoke(provocation)
    const unknown = lines.filter((line) => problemView(line.code, { erp: 'Ajera', crm: 'Vantagepoint' }) === null)
    expect(unknown, 'lines without an entry').toEqual([])
    const codes = new Set(lines.map((line) => line.code))
    expect([...codes].toSorted()).toEqual(expect.arrayContaining([...provocation.codes]))
    for (const { message } of lines) expect(message).not.toMatch(/<[a-z!/]|\bat .*:\d+:\d+|undefined/i)
  },
)

test('every code of the catalogue is provoked (§11)', () => {
  const provoked = new Set(Object.values(PROVOCATIONS).flatMap(({ codes }) => codes))
  expect(Object.keys(PROBLEMS).filter((code) => !provoked.has(code as ProblemCode))).toEqual([])
})

test('no line of severity info has a code (§11)', async () => {
  expect(await database().integrationLogEntry.count({ where: { severity: 'info', code: { not: null } } })).toBe(0)
})
