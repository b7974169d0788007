import { describe, expect, it } from 'vitest'
import { defaultFieldMap } from '#lib/default-field-map'
import type { FieldChange } from '#lib/sync/plan'
import type { Fields, RecordType, Side } from '#lib/sync/records'
import { confirmUndo, planUndo, type UndoInput, undoneChanges } from '#lib/sync/undo'
import { keptSentence, messageUndoClosed, messageUndoStarted } from '#lib/sync/undo-messages'
import { refuseUndo, type UndoFacts } from '#lib/sync/undo-rule'
import { crmRecord, describeCrm, describeWritable, erpRecord } from '../support/sync-records.ts'

const NAMES = { erp: 'Ajera', crm: 'Vantagepoint' }

function written(field: string, from: string | null, to: string | null, more: Partial<FieldChange> = {}): FieldChange {
  return { field, label: field, side: 'crm', from, to, reason: 'erp-changed', base: from, ...more }
}

function input(
  type: RecordType,
  changes: FieldChange[],
  held: Fields | null,
  more: Partial<UndoInput> = {},
): UndoInput {
  const side: Side = more.side ?? 'crm'
  const record = side === 'crm' ? crmRecord(type, held ?? {}) : erpRecord(type, held ?? {})
  return {
    type,
    side,
    changes: undoneChanges(changes, side),
    record: held === null ? null : record,
    entries: defaultFieldMap[type],
    description: describeCrm(),
    pins: [],
    explain: (kept) => keptSentence(kept, NAMES),
    ...more,
  }
}

describe('what is put back of a record (§12)', () => {
  it('is every field that still holds the value that the run wrote', () => {
    const plan = planUndo(
      input('client', [written('Name', 'Old name', 'New name'), written('Memo', null, 'A note')], {
        Name: 'New name',
        Memo: 'A note',
      }),
    )
    expect(plan.write).toEqual({ Name: 'Old name', Memo: null })
    expect(plan.changes).toMatchObject([
      { field: 'Name', from: 'New name', to: 'Old name', reason: 'undone' },
      { field: 'Memo', from: 'A note', to: null, reason: 'undone' },
    ])
    expect(plan.putBack).toEqual(['Name', 'Memo'])
  })

  it('is told by the transform of the field, not by spelling', () => {
    const fee = planUndo(input('project', [written('Fee', '100.00', '1250.50')], { Fee: '1250.5000' }))
    expect(fee.write).toEqual({ Fee: '100.00' })
    const memo = planUndo(input('project', [written('Memo', 'was', 'two\nlines')], { Memo: 'two\r\nlines\r\n' }))
    expect(memo.write).toEqual({ Memo: 'was' })
  })

  it('goes back to the very spelling that stood there before', () => {
    const plan = planUndo(input('client', [written('Name', ' Old   name', 'New name')], { Name: 'New name' }))
    expect(plan.write).toEqual({ Name: ' Old   name' })
  })

  it('is a field that holds its earlier value already, without a write', () => {
    const plan = planUndo(input('client', [written('Name', 'Old name', 'New name')], { Name: 'Old name' }))
    expect(plan).toMatchObject({ write: {}, putBack: ['Name'] })
    expect(plan.changes[0]?.kept).toBeUndefined()
  })

  it('is written by the ERP’s own field names in the ERP', () => {
    const taken = written('PrimaryEmail', 'a@old.example', 'b@new.example', {
      side: 'erp',
      erpField: 'Email',
      base: 'a@old.example',
    })
    const plan = planUndo(input('client', [taken], { Email: 'b@new.example' }, { side: 'erp' }))
    expect(plan.write).toEqual({ Email: 'a@old.example' })
    expect(plan.putBack).toEqual(['PrimaryEmail'])
  })

  it('is the switch Sync to CRM, which the ERP keeps apart from its fields', () => {
    const flag: FieldChange = {
      field: 'AjeraSync',
      label: 'Sync to CRM',
      side: 'erp',
      erpField: 'SyncToCRM',
      from: 'N',
      to: 'Y',
      reason: 'turned-on',
    }
    const on = planUndo(input('project', [flag], {}, { side: 'erp' }))
    expect(on.write).toEqual({ SyncToCRM: 'N' })
    const record = erpRecord('project', {}, { syncToCrm: false })
    expect(planUndo(input('project', [flag], {}, { side: 'erp', record }))).toMatchObject({ write: {} })
  })

  it('is nothing of what was written at a creation, nor of the other side', () => {
    const created = written('Name', null, 'X', { reason: 'created' })
    const other = written('Memo', null, 'X', { side: 'erp', erpField: 'Notes' })
    expect(undoneChanges([created, other], 'crm')).toEqual([])
  })

  it('what an earlier version stored without a side was written to the CRM', () => {
    const { side: _, ...old } = written('Name', 'Old', 'New')
    expect(undoneChanges([old], 'crm')).toMatchObject([{ side: 'crm', from: 'New', to: 'Old' }])
    expect(undoneChanges([old], 'erp')).toEqual([])
  })
})

describe('what is kept, and why (§12)', () => {
  const change = written('Name', 'Old name', 'New name')

  it.each<[why: string, more: Partial<UndoInput>, held: Fields | null, sentence: RegExp]>([
    ['a field changed since', {}, { Name: 'Their name' }, /changed since; Vantagepoint now has “Their name”/],
    ['a field cleared since', {}, { Name: null }, /changed since; Vantagepoint now has nothing there/],
    ['a pinned field', { pins: ['Name'] }, { Name: 'New name' }, /pinned/],
    ['a field of a record that is gone', {}, null, /no longer has the record/],
    ['a field that is not shown', {}, { Memo: '' }, /does not show the field/],
    [
      'a field that may not be written',
      { description: describeWritable('client', ['Memo']) },
      { Name: 'New name' },
      /does not let the field be written/,
    ],
    ['a field that left the field map', { entries: [] }, { Name: 'New name' }, /field map does not hold it/],
  ])('%s', (_, more, held, sentence) => {
    const plan = planUndo(input('client', [change], held, more))
    expect(plan.write).toEqual({})
    expect(plan.putBack).toEqual([])
    expect(plan.base).toEqual({ restore: {}, forget: [] })
    expect(plan.changes[0]?.kept).toMatch(sentence)
    if (held && 'Name' in held) expect(plan.changes[0]?.from).toBe(held.Name)
  })

  it('a link that was empty before, because links are never cleared (§13.11)', () => {
    const plan = planUndo(input('project', [written('ProjMgr', null, 'id-1')], { ProjMgr: 'id-1' }))
    expect(plan.write).toEqual({})
    expect(plan.changes[0]?.kept).toMatch(/never cleared/)
    const linked = planUndo(input('project', [written('ProjMgr', 'id-2', 'id-1')], { ProjMgr: 'id-1' }))
    expect(linked.write).toEqual({ ProjMgr: 'id-2' })
  })

  it('a field whose entry now leads to another field of the ERP', () => {
    const taken = written('PrimaryEmail', 'a', 'b', { side: 'erp', erpField: 'OtherMail' })
    const plan = planUndo(input('client', [taken], { OtherMail: 'b', Email: 'b' }, { side: 'erp' }))
    expect(plan.changes[0]?.kept).toMatch(/field map/)
  })

  it('a field that the side did not take although it took the write', () => {
    const asked = input('client', [change, written('Memo', null, 'A note')], { Name: 'New name', Memo: 'A note' })
    const after = crmRecord('client', { Name: 'NEW NAME', Memo: null })
    const plan = confirmUndo(asked, planUndo(asked), after)
    expect(plan.putBack).toEqual(['Memo'])
    expect(plan.changes[0]).toMatchObject({ from: 'NEW NAME', kept: expect.stringContaining('did not take') })
  })

  it('the others of its record are put back all the same', () => {
    const changes = [change, written('Memo', 'was', 'is')]
    const plan = planUndo(input('client', changes, { Name: 'Their name', Memo: 'is' }))
    expect(plan.write).toEqual({ Memo: 'was' })
    expect(plan.putBack).toEqual(['Memo'])
  })
})

it('the base of a field that is put back is the one before the run, or none where there was none (§12)', () => {
  const { base: _, ...fresh } = written('Memo', null, 'A note')
  const changes = [written('Name', 'Old spelling', 'New', { base: 'Old' }), fresh]
  const plan = planUndo(input('client', changes, { Name: 'New', Memo: 'A note' }))
  expect(plan.base).toEqual({ restore: { Name: 'Old' }, forget: ['Memo'] })
})

describe('which runs can be undone (§12)', () => {
  const facts: UndoFacts = { kind: 'sync', isOpen: false, isAnotherGoing: false, undos: [], isAnythingLeft: true }

  it.each<[what: string, more: Partial<UndoFacts>]>([
    ['a sync that wrote something', {}],
    ['an applied plan', { kind: 'apply' }],
    ['a retry', { kind: 'retry' }],
    [
      'one whose undo failed, was cancelled or left records behind',
      { undos: ['failed', 'cancelled', 'completed_with_errors'] },
    ],
  ])('%s', (_, more) => {
    expect(refuseUndo({ ...facts, ...more })).toBeNull()
  })

  it.each<[what: string, more: Partial<UndoFacts>, reason: string]>([
    ['an undo', { kind: 'undo' }, 'is-undo'],
    ['a preview', { kind: 'preview' }, 'is-preview'],
    ['a run that is going', { isOpen: true }, 'not-finished'],
    ['a run that is undone', { undos: ['cancelled', 'completed'] }, 'undone-already'],
    ['a run that wrote nothing', { isAnythingLeft: false }, 'nothing-written'],
    ['any run while another is going', { isAnotherGoing: true, undos: [null] }, 'another-run-going'],
  ])('not %s', (_, more, reason) => {
    const refusal = refuseUndo({ ...facts, ...more })
    expect(refusal?.reason).toBe(reason)
    expect(refusal?.message).toMatch(/^[A-Z].*\.$/)
  })
})

describe('the lines of an undo (§11, §12)', () => {
  it('the first says which run, who, why, and that fields are pinned', () => {
    const { message } = messageUndoStarted({
      trigger: 'manual',
      startedBy: 'ann@example.com',
      sourceRunId: 'RUN-1',
      reason: 'Wrong template',
      pins: true,
    })
    expect(message).toBe(
      'The undo of run RUN-1 was started by ann@example.com from the page of that run. Reason: “Wrong template”. The fields that are put back are pinned.',
    )
  })

  it('the last has the three groups, however it ended', () => {
    const groups = { putBack: 1, kept: 2, failed: 3 }
    const closed = { groups, failure: null, failureCode: null, cancelledBy: 'ann@example.com' }
    expect(messageUndoClosed({ ...closed, status: 'completed_with_errors' }).message).toBe(
      'Undo completed: 1 record put back, 2 kept in part or whole, 3 failed.',
    )
    const cancelled = messageUndoClosed({ ...closed, status: 'cancelled' }).message
    expect(cancelled).toContain('cancelled by ann@example.com: 1 record put back, 2 kept in part or whole, 3 failed.')
    const failed = messageUndoClosed({ ...closed, status: 'failed', failure: 'Ajera does not answer.' })
    expect(failed).toMatchObject({ severity: 'error', message: 'The undo stopped. Ajera does not answer.' })
  })
})
