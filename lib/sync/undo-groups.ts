import { problemCodes } from './problems.ts'

/** The three groups of an undo (sync-rules §12), as its last line counts them and its page lists them. */
export const UNDO_GROUPS = ['put-back', 'kept', 'failed'] as const
export type UndoGroup = (typeof UNDO_GROUPS)[number]

/** Problems of items that are kept, in part or whole; a record that the run had created among them. */
export const KEPT_CODES: readonly string[] = [problemCodes.undoKept, problemCodes.undoCreatedStays]

/** Records of an undo by group; each record is in one. */
export interface UndoGroups {
  readonly putBack: number
  readonly kept: number
  readonly failed: number
}

/** The group of an item of an undo; `null`: it is in none, because it waits or there was nothing to do. */
export function undoGroupOf(item: { readonly outcome: string; readonly problemCode: string | null }): UndoGroup | null {
  if (item.outcome === 'failed') return 'failed'
  if (item.problemCode !== null && KEPT_CODES.includes(item.problemCode)) return 'kept'
  return item.outcome === 'updated' ? 'put-back' : null
}
