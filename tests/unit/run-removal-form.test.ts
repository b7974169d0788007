import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { removalProblem, removalSchema } from '#app/(console)/sync/[run]/schema.ts'

const run = randomUUID()

function problemOf(form: object): string | null {
  const parsed = removalSchema.safeParse(form)
  return parsed.success ? null : removalProblem(parsed.error)
}

describe('the form that releases the brake (§8.4)', () => {
  it('takes a run and a reason, trimmed', () => {
    expect(removalSchema.parse({ run, reason: '  Cleaned out on purpose.  ' })).toEqual({
      run,
      reason: 'Cleaned out on purpose.',
    })
  })

  it.each(['', '   ', 'ok', ' ok  '])('refuses “%s” as a reason, and says what is wanted', (reason) => {
    expect(problemOf({ run, reason })).toMatch(/few words/)
  })

  it('refuses a reason of more than 500 characters', () => {
    expect(problemOf({ run, reason: 'x'.repeat(501) })).toMatch(/500/)
  })

  it('refuses a form without a reason, of no run, or with a field it does not have', () => {
    for (const form of [{ run }, { run: 'none', reason: 'Because.' }, { run, reason: 'Because.', preview: 'yes' }]) {
      expect(problemOf(form)).toMatch(/Reload the page/)
    }
  })
})
