import { describe, expect, test } from 'vitest'
import { accessForm, settingsForm } from '../../app/(console)/settings/connection/schema.ts'
import { accountForm, addUserForm } from '../../app/(console)/settings/users/schema.ts'
import { setupForm } from '../../app/setup/schema.ts'
import { signInForm } from '../../app/sign-in/schema.ts'

const access = {
  erpUrl: 'https://ajera.example/AjeraAPI.ashx?abc',
  erpUsername: 'api',
  erpPassword: ' spaces kept ',
  crmUrl: 'https://crm.example/Firm/api/',
  crmDatabase: 'FIRM',
  crmClientId: 'id',
  crmClientSecret: 'secret',
  crmUsername: 'CROSSWALK',
  crmPassword: 'word',
}
const blank = Object.fromEntries(Object.keys(access).map((name) => [name, '']))
const first = accessForm({ hasSaved: false, allowedHosts: ['127.0.0.1:4000', 'ajera.lan'] })
const again = accessForm({ hasSaved: true, allowedHosts: [] })

const settings = {
  batchSize: '500',
  noMatchPolicy: 'leave',
  conflictPolicy: 'ask',
  secondApprover: 'true',
  projectTotals: 'each_run',
  erpRate: '9',
  crmRate: '',
  erpDailyCalls: '10000',
  crmDailyCalls: '',
  erpConcurrency: '4',
  crmConcurrency: '4',
  graceSeconds: '120',
  fullReadEvery: '24',
  externalKeyField: 'CustAjeraKey',
  defaultTemplate: ' ',
  autoNumbering: 'detect',
}

/** The fields that a form complains about. */
function wrong(result: { error?: { issues: { path: PropertyKey[] }[] } }): string[] {
  return (result.error?.issues ?? []).map(({ path }) => path.join('.'))
}

describe('a form with fields that its page does not have', () => {
  test.each([
    ['access', first, access],
    ['settings', settingsForm, settings],
    ['new user', addUserForm, { email: 'a@firm.example', name: '', role: 'viewer' }],
    ['account', accountForm, { intent: 'disable', userId: '019a8f2e-1c2d-7e8f-9a0b-1c2d3e4f5a6b' }],
    ['sign-in', signInForm, { email: 'a@firm.example', password: 'x' }],
    ['set-up', setupForm, { token: 't', name: 'Ada', email: 'ada@firm.example', password: 'quartz lantern oboe' }],
  ])('%s is refused in a sentence that names them', (_, schema, values) => {
    expect(schema.safeParse(values).success).toBe(true)
    const result = schema.safeParse({ ...values, isAdmin: 'true' })
    expect(result.error?.issues[0]?.message).toMatch(/do not belong to it \(isAdmin\)/)
  })
})

describe('access', () => {
  test('addresses lose their last slash, secrets keep their spaces', () => {
    const parsed = first.parse(access)
    expect(parsed.crmUrl).toBe('https://crm.example/Firm/api')
    expect(parsed.erpPassword).toBe(' spaces kept ')
  })

  test('everything is needed the first time, nothing when it is saved already', () => {
    expect(new Set(wrong(first.safeParse(blank)))).toEqual(new Set(Object.keys(access)))
    expect(again.safeParse(blank).success).toBe(true)
  })

  test('a saved secret is not sent to a new address', () => {
    expect(wrong(again.safeParse({ ...blank, erpUrl: access.erpUrl }))).toEqual(['erpPassword'])
    expect(wrong(again.safeParse({ ...blank, crmUrl: access.crmUrl }))).toEqual(['crmClientSecret', 'crmPassword'])
  })

  test.each([
    ['http://ajera.example/x', false],
    ['http://127.0.0.1:4000/x', true],
    ['http://ajera.lan/x', true],
    ['ftp://ajera.lan/x', false],
    ['https://user:word@ajera.example/x', false],
    ['ajera.example', false],
  ])('the address %s is taken: %s', (erpUrl, taken) => {
    expect(first.safeParse({ ...access, erpUrl }).success).toBe(taken)
  })

  test('the base address of the CRM ends in /api', () => {
    expect(wrong(first.safeParse({ ...access, crmUrl: 'https://crm.example/Firm' }))).toEqual(['crmUrl'])
  })
})

describe('settings', () => {
  test('an empty rate is no limit, an empty template is none', () => {
    expect(settingsForm.parse(settings)).toMatchObject({
      batchSize: 500,
      conflictPolicy: 'ask',
      secondApprover: true,
      erpRate: 9,
      crmRate: null,
      defaultTemplate: null,
    })
  })

  test.each([
    ['batchSize', '0'],
    ['batchSize', '10001'],
    ['batchSize', '1e3'],
    ['batchSize', '-5'],
    ['batchSize', 'many'],
    ['batchSize', ''],
    ['erpRate', '0'],
    ['erpDailyCalls', '0'],
    ['crmDailyCalls', '1.5'],
    ['erpRate', '-1'],
    ['crmRate', '1.234'],
    ['crmConcurrency', '17'],
    ['graceSeconds', '3601'],
    ['noMatchPolicy', 'delete'],
    ['conflictPolicy', 'nobody'],
    ['secondApprover', 'yes'],
    ['externalKeyField', 'drop table;'],
  ])('%s = %s is refused', (field, value) => {
    expect(wrong(settingsForm.safeParse({ ...settings, [field]: value }))).toEqual([field])
  })
})
