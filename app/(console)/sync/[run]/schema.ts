import { z } from 'zod'

/** The form that lets a run remove more mappings than the brake allows. The reason is stored with the run. */
export const removalSchema = z.strictObject({
  run: z.uuid(),
  reason: z
    .string()
    .trim()
    .min(3, 'Say in a few words why these mappings may go.')
    .max(500, 'The reason may have 500 characters at most.'),
})

export interface RemovalState {
  readonly error: string | null
  /** What was entered: React empties a form after every action, also one that returned an error. */
  readonly reason: string
}

/** Why a posted form cannot be used, as a sentence. */
export function removalProblem(error: z.ZodError): string {
  const [issue] = error.issues
  if (issue?.path[0] === 'reason' && issue.code !== 'invalid_type') return issue.message
  return 'This form is not complete or holds a field it should not. Reload the page and try again.'
}
