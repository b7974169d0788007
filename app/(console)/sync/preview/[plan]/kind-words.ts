import type { PlanKind } from '#lib/store/plan-filter'
import type { PlanState } from '#lib/store/plans'
import type { Tone } from '../../../../_ui/tone.ts'
import type { SideNames } from '../../_run/run-words.ts'

/** What an item of a plan does, for people. */
export function kindWords(kind: PlanKind, names: SideNames): { readonly label: string; readonly tone: Tone } {
  switch (kind) {
    case 'pair':
      return { label: 'Pair', tone: 'ok' }
    case 'update-crm':
      return { label: `Update ${names.crm}`, tone: 'ok' }
    case 'create-crm':
      return { label: `Create in ${names.crm}`, tone: 'info' }
    case 'update-erp':
      return { label: `Update ${names.erp}`, tone: 'ok' }
    case 'create-erp':
      return { label: `Create in ${names.erp}`, tone: 'info' }
    case 'remove-pair':
      return { label: 'Unpair', tone: 'warn' }
    case 'problem':
      return { label: 'Cannot be done', tone: 'bad' }
  }
}

/** Under the page's title: what the plan is by now. */
export const PLAN_CONTEXT: Readonly<Record<PlanState, string>> = {
  open: 'What a sync would do. Nothing has been changed in either system.',
  approved: 'What a sync would do, approved as it is. Nothing has been changed in either system yet.',
  applied: 'What was ticked has been handed to a run. Its page says what became of each record.',
  discarded: 'Discarded: it can no longer be applied. Nothing was changed in either system.',
}

export const PLAN_STATE_WORDS: Readonly<Record<PlanState, { readonly label: string; readonly tone: Tone }>> = {
  open: { label: 'Open', tone: 'info' },
  approved: { label: 'Approved', tone: 'ok' },
  applied: { label: 'Applied', tone: 'ok' },
  discarded: { label: 'Discarded', tone: 'idle' },
}
