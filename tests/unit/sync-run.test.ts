import { describe, expect, it } from 'vitest'
import { batchCompletedLine, batchOf, batchSentence, remainingRuns } from '#lib/sync/batch'
import { compareDue } from '#lib/sync/due'
import { addsUp, countOutcome, emptyCounts, OUTCOMES } from '#lib/sync/outcome'
import { closingMessage, exitStatus, finalStatus, PHASES, type RunStatus } from '#lib/sync/run-state'

describe('batch messages', () => {
  it('is word for word (§6.1)', () => {
    expect(batchSentence(1100, 500)).toBe(
      'The sync contained more than 500 projects. Please re-run the manual or auto sync 3 more times to sync all remaining projects.',
    )
  })

  it.each([
    [1600, '3 more times'],
    [501, '1 more time'],
    [1000, '1 more time'],
    [1001, '2 more times'],
  ])('%i due: %s (§6.1)', (due, times) => {
    expect(batchSentence(due - 500, 500)).toContain(` ${times} to sync`)
  })

  it('500 due: no message (§6.1)', () => {
    expect(batchSentence(0, 500)).toBeNull()
  })

  it('another batch size stands in the sentence (§6.1)', () => {
    expect(batchSentence(30, 25)).toMatch(/^The sync contained more than 25 projects\. .* 2 more times /)
  })

  it('a finished batch, the last and smaller one too (§6.4, §13.12)', () => {
    expect(batchCompletedLine(2, 4, 500)).toBe('Batch 2 of 4 completed: 500 projects.')
    expect(batchCompletedLine(4, 4, 100)).toBe('Batch 4 of 4 completed: 100 projects.')
  })

  it('the 500th project is in the first batch, the 501st in the second (§6.1)', () => {
    expect([1, 500, 501, 1000, 1001].map((position) => batchOf(position, 500))).toEqual([1, 1, 2, 2, 3])
  })

  it.each([
    [-1, 500],
    [1, 0],
    [1.5, 500],
    [Number.NaN, 500],
  ])('refuses %d of %d', (remaining, size) => {
    expect(() => remainingRuns(remaining, size)).toThrow(RangeError)
  })
})

describe('order of sending (§5.3)', () => {
  it('oldest change first, whatever the spelling of the stamp, then the key by number', () => {
    const due = [
      { modifiedAt: '2026-01-05T10:00:00.500Z', erpKey: '1' },
      { modifiedAt: '2026-01-05T10:00:00Z', erpKey: '10' },
      { modifiedAt: '2026-01-05T10:00:00.000Z', erpKey: '9' },
      { modifiedAt: '2025-12-31T23:59:59Z', erpKey: '12345678901234567891' },
      { modifiedAt: '2025-12-31T23:59:59Z', erpKey: '12345678901234567890' },
      { modifiedAt: null, erpKey: '7' },
    ]
    const order = ['7', '12345678901234567890', '12345678901234567891', '9', '10', '1']
    expect([...due].sort(compareDue).map((record) => record.erpKey)).toEqual(order)
    expect(
      [...due]
        .reverse()
        .sort(compareDue)
        .map((record) => record.erpKey),
    ).toEqual(order)
  })
})

describe('outcomes (§7.8)', () => {
  it('counters have the keys of the command line and add up', () => {
    expect(Object.keys(emptyCounts())).toEqual(['considered', ...OUTCOMES])
    const counts = OUTCOMES.reduce(countOutcome, emptyCounts())
    expect(counts.considered).toBe(OUTCOMES.length)
    expect(addsUp(counts)).toBe(true)
  })

  it('a record without an outcome shows', () => {
    expect(addsUp({ ...emptyCounts(), considered: 1 })).toBe(false)
  })
})

describe('how a run ends', () => {
  const fine = { cancelled: false, failure: null, preview: false, remainingProjects: 0, recordErrors: 0 }

  it.each<[string, Partial<Parameters<typeof finalStatus>[0]>, RunStatus]>([
    ['nothing left', {}, 'completed'],
    ['record errors', { recordErrors: 1 }, 'completed_with_errors'],
    ['batches remain', { remainingProjects: 1 }, 'more_batches'],
    ['batches remain and record errors', { remainingProjects: 1, recordErrors: 5 }, 'more_batches'],
    ['a preview with remaining batches', { preview: true, remainingProjects: 1 }, 'previewed'],
    ['a failure with remaining batches', { failure: 'Down.', remainingProjects: 1 }, 'failed'],
    ['a failed preview', { preview: true, failure: 'Down.' }, 'failed'],
    ['cancelled', { cancelled: true, failure: 'Aborted.', remainingProjects: 1 }, 'cancelled'],
  ])('%s (§13.8, §13.16)', (_, run, status) => {
    expect(finalStatus({ ...fine, ...run })).toBe(status)
  })

  it('exit statuses are those of the command line (§13.8, §13.16)', () => {
    const statuses: RunStatus[] = [
      'completed',
      'previewed',
      'failed',
      'completed_with_errors',
      'more_batches',
      'cancelled',
    ]
    expect(statuses.map(exitStatus)).toEqual([0, 0, 1, 3, 4, 5])
  })

  it('the last line is Sync Completed, the batch sentence or why it stopped (§8.10, §11)', () => {
    const run = { remainingProjects: 501, batchSize: 500, failure: 'The CRM is down.', cancelledBy: 'ann@firm.example' }
    expect(closingMessage({ ...run, status: 'completed' })).toBe('Sync Completed')
    expect(closingMessage({ ...run, status: 'completed_with_errors' })).toBe('Sync Completed')
    expect(closingMessage({ ...run, status: 'more_batches' })).toBe(batchSentence(501, 500))
    expect(closingMessage({ ...run, status: 'failed' })).toBe('The CRM is down.')
    expect(closingMessage({ ...run, status: 'cancelled' })).toContain('cancelled by ann@firm.example')
    expect(closingMessage({ ...run, status: 'previewed' })).toContain('Nothing was changed')
  })

  it('phases follow each other to the closing', () => {
    expect(new Set(PHASES).size).toBe(PHASES.length)
  })
})
