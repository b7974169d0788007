import { z } from 'zod'

export const SHORTEST_REASON = 3
export const LONGEST_REASON = 400

/** The form of an undo as a browser sends it. */
export const undoFormSchema = z.strictObject({
  run: z.uuid(),
  reason: z
    .string()
    .trim()
    .min(SHORTEST_REASON, 'Say in a few words why this run is undone.')
    .max(LONGEST_REASON, `At most ${LONGEST_REASON} characters, please.`),
  pins: z.literal('on').optional(),
})

/** What the form shows after a press that started nothing; success leads to the undo. */
export interface UndoState {
  readonly error: string | null
  readonly reasonError: string | null
  readonly reason: string
  readonly pins: boolean
  /** Counts the presses, so that the fields are drawn anew after each. */
  readonly attempt: number
}

export const NOT_ASKED: UndoState = { error: null, reasonError: null, reason: '', pins: false, attempt: 0 }

/** Why a form cannot be used: at its field, or above all of them. */
export function undoFormProblem(error: z.ZodError): Pick<UndoState, 'error' | 'reasonError'> {
  const atReason = error.issues.find((issue) => issue.path[0] === 'reason')
  if (atReason && error.issues.length === 1) return { error: null, reasonError: atReason.message }
  const reload = 'This form is not complete or holds a field it should not. Reload the page and try again.'
  return { error: reload, reasonError: null }
}
