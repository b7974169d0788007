import { describe, expect, it } from 'vitest'
import * as back from '#lib/sync/back-messages'
import { warningMessage } from '#lib/sync/messages'
import type { FieldChange } from '#lib/sync/plan'

const names = { erp: 'Ledger', crm: 'Pursuit' }
const subject = { type: 'client', erpKey: '7', erpName: 'Harbour\u202E Trust', crmId: 'F7' } as const
const fresh = { type: 'client', crmId: 'F7', name: 'Harbour Trust' } as const

function change(label: string, reason: FieldChange['reason'], from: string | null): FieldChange {
  return { field: label, label, side: 'erp', erpField: label, from, to: 'new', reason }
}

describe('lines of the way back (§8.9, §11)', () => {
  it('name the fields that were taken, and what gave way to them', () => {
    const line = back.takenMessage(names, subject, [
      change('E-mail', 'crm-changed', 'old'),
      change('Notes', 'erp-overwritten', 'ours'),
      change('Zip', 'both-changed', null),
    ])
    expect(line).toMatchObject({
      method: 'Ledger Update Client',
      severity: 'info',
      code: null,
      erpKey: '7',
      crmId: 'F7',
    })
    expect(line.message).toBe(
      'Client “Harbour Trust” (7) was updated in Ledger from Pursuit: E-mail, Notes, Zip. ' +
        'Overwritten, because Pursuit wins: Notes was “ours”, is “new”; Zip was empty, is “new”.',
    )
  })

  it('say nothing of overwriting where nothing was overwritten', () => {
    const line = back.takenMessage(names, subject, [change('E-mail', 'crm-changed', 'old')])
    expect(line.message).not.toContain('Overwritten')
  })

  it('of a record that was created or found name both sides', () => {
    expect(back.createdInErpMessage(names, subject)).toMatchObject({
      method: 'Ledger Add Client',
      message: 'Client “Harbour Trust” (7) was created in Ledger from Pursuit firm F7 and mapped.',
    })
    expect(back.adoptedInErpMessage(names, subject)).toMatchObject({ code: 'CW-1404', method: 'Ledger Add Client' })
  })

  it('of a record that is new to the ERP carry no key, and say what to do', () => {
    const failed = back.notCreatedInErpMessage(names, fresh, { code: 'CW-1113', reason: 'The name is missing' })
    expect(failed).toMatchObject({ erpKey: null, crmId: 'F7', severity: 'error', method: 'Ledger Add Client' })
    expect(failed.message).toMatch(
      /^Pursuit firm “Harbour Trust” \(F7\) could not be created in Ledger: The name is missing\. ./,
    )
    const namesake = back.erpNamesakeMessage(names, { ...fresh, type: 'project' }, [
      { key: '9', name: 'harbour trust' },
    ])
    expect(namesake).toMatchObject({ code: 'CW-1204', severity: 'error' })
    expect(namesake.message).toContain('project “harbour trust” (9) with the same name or number')
    expect(back.crmTwinMessage(names, fresh, 'F6').message).toContain('this run creates firm F6 under the same name')
    expect(
      back.notCreatedInErpMessage(names, { ...fresh, name: ' ' }, { code: 'CW-1407', reason: null }).message,
    ).toMatch(/^Pursuit firm F7 \(without a name\) could not be created in Ledger: Ledger needs the client/)
  })

  it('of a refused change and of a carried switch say why and what to do', () => {
    const failed = back.takeFailedMessage(names, subject, { code: 'CW-1108', reason: 'Not permitted' })
    expect(failed.message).toMatch(/could not be updated in Ledger: Not permitted\. ./)
    const carried = back.switchCarriedMessage(names, 'Not permitted.')
    expect(carried).toMatchObject({
      erpKey: null,
      code: 'CW-1203',
      severity: 'warning',
      method: 'Ledger Update Project',
    })
    expect(carried.message).toMatch(
      /changed in Pursuit and could not be written to Ledger: Not permitted\. The mapping carries/,
    )
  })

  it.each([
    ['CW-1302', /E-mail “x” of Pursuit has no counterpart in Ledger/],
    ['CW-1303', /E-mail “x” of Pursuit could not be looked up/],
    ['CW-1304', /is the id of a record in Pursuit that is not mapped/],
    ['CW-1306', /is no valid date or amount/],
    ['CW-1308', /was sent to Ledger, which holds something else now/],
  ] as const)('a value that was not taken is a warning of the ERP’s method: %s', (code, words) => {
    const warning = { code, field: 'Email', label: 'E-mail', value: 'x', source: 'crm' } as const
    const line = warningMessage(names, subject, warning)
    expect(line).toMatchObject({ code, severity: 'warning', method: 'Ledger Update Client' })
    expect(line.message).toMatch(words)
    expect(warningMessage(names, subject, warning, 'create').method).toBe('Ledger Add Client')
  })
})
