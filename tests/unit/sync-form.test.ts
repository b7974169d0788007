import { describe, expect, test } from 'vitest'
import { formProblem, syncFormSchema, tickedOptions, toRunOptions } from '#app/(console)/sync/schema.ts'
import { planSentences } from '#app/(console)/sync/what-it-does.ts'
import type { SyncCounts } from '#lib/store/views-sync-counts'
import type { RunOptions } from '#lib/sync/eligibility'

describe('the posted form', () => {
  test('nothing ticked is a run without options (§2.2)', () => {
    expect(toRunOptions(syncFormSchema.parse({}))).toEqual({
      mapUnsynced: false,
      whenNoMatch: 'leave',
      includeClosed: false,
      allBatches: false,
      preview: false,
    })
  })

  test('“If no CRM project matches” counts only together with “Map unsynced” (§2.2)', () => {
    expect(toRunOptions(syncFormSchema.parse({ whenNoMatch: 'create' })).whenNoMatch).toBe('leave')
    expect(toRunOptions(syncFormSchema.parse({ mapUnsynced: 'on', whenNoMatch: 'create' })).whenNoMatch).toBe('create')
  })

  test.each([
    [{ preview: 'on' }, 'preview'],
    [{ connectionId: '7', mapUnsynced: 'on' }, 'connectionId'],
    [{ whenNoMatch: 'delete' }, 'whenNoMatch'],
    [{ allBatches: 'maybe' }, 'allBatches'],
  ])('a form posted by hand (%j) is refused with a sentence that names the field', (posted, field) => {
    const parsed = syncFormSchema.safeParse(posted)
    expect(parsed.success).toBe(false)
    if (!parsed.success)
      expect(formProblem(parsed.error)).toMatch(new RegExp(`\\(${field}\\)\\. Nothing was started\\.`))
  })

  test('a refused form keeps what was ticked', () => {
    expect(tickedOptions({ includeClosed: 'on', allBatches: 'maybe', whenNoMatch: 'create', evil: '1' })).toEqual({
      mapUnsynced: false,
      whenNoMatch: 'create',
      includeClosed: true,
      allBatches: false,
      preview: false,
    })
  })
})

describe('what this will do', () => {
  const counts: SyncCounts = {
    hasRead: true,
    projects: 1700,
    mappedOn: 1104,
    mappedClosed: 96,
    unmappedOff: 214,
    unmappedOn: 1,
  }
  const sentences = (options: Partial<RunOptions>, more: { counts?: SyncCounts; backlogProjects?: number } = {}) =>
    planSentences({
      names: { erp: 'Ajera', crm: 'Vantagepoint' },
      counts: more.counts ?? counts,
      batchSize: 500,
      options: {
        mapUnsynced: false,
        whenNoMatch: 'leave',
        includeClosed: false,
        allBatches: false,
        preview: false,
        ...options,
      },
      backlogProjects: more.backlogProjects ?? null,
    }).join(' ')

  test('closed projects are counted only when they are included', () => {
    expect(sentences({})).toContain('Compares 1,104 mapped projects')
    expect(sentences({})).toContain('Leaves 96 closed projects alone.')
    expect(sentences({ includeClosed: true })).toContain('Compares 1,200 mapped projects')
    expect(sentences({ includeClosed: true })).not.toContain('alone')
  })

  test('unmapped projects are looked for, and the sentence says what happens without a match', () => {
    expect(sentences({})).toContain('1 unmapped project; without one they are left out and logged.')
    expect(sentences({ mapUnsynced: true, whenNoMatch: 'create' })).toContain(
      '215 unmapped projects; without one they are created in Vantagepoint.',
    )
  })

  test('the batch limit is said, and falls with “Keep going”', () => {
    expect(sentences({})).toContain('at most 500 of them in this run')
    expect(sentences({ allBatches: true })).toContain('batch after batch of 500')
  })

  test('a backlog is continued, whatever the other options say', () => {
    expect(sentences({ mapUnsynced: true }, { backlogProjects: 1100 })).toBe(
      'Continues the backlog: 1,100 projects left, at most 500 of them in this run.',
    )
  })

  test('before the first read no number is claimed', () => {
    const unread = { hasRead: false, projects: 0, mappedOn: 0, mappedClosed: 0, unmappedOff: 0, unmappedOn: 0 }
    expect(sentences({}, { counts: unread })).toMatch(/^Nothing has been read yet/)
  })
})
