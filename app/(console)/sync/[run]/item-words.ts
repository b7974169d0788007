import type { ItemOutcome, RunItemView } from '#lib/store/views-run-items'
import { displayText } from '#lib/sync/display-text'
import type { FieldMap } from '#lib/sync/field-map'
import type { FieldChange } from '#lib/sync/plan'
import type { RecordType } from '#lib/sync/records'
import { type UndoGroup, undoGroupOf } from '#lib/sync/undo-groups'
import type { Tone } from '../../../_ui/tone.ts'
import { OUTCOME_WORDS, type SideNames } from '../_run/run-words.ts'

export function itemOutcomeWords(outcome: ItemOutcome): { readonly label: string; readonly tone: Tone } {
  return outcome === 'waiting' ? { label: 'Waiting', tone: 'info' } : OUTCOME_WORDS[outcome]
}

/** What became of an item of an undo, in the words of its three groups (sync-rules §12). */
export function undoneWords(item: Pick<RunItemView, 'outcome' | 'problemCode'>): ReturnType<typeof itemOutcomeWords> {
  const group = undoGroupOf(item)
  if (group === null) return itemOutcomeWords(item.outcome)
  if (group === 'kept' && item.outcome === 'updated') return { label: 'Kept in part', tone: 'warn' }
  return UNDO_GROUP_WORDS[group]
}

export const UNDO_GROUP_WORDS: Readonly<Record<UndoGroup, { readonly label: string; readonly tone: Tone }>> = {
  'put-back': { label: 'Put back', tone: 'ok' },
  kept: { label: 'Kept', tone: 'warn' },
  failed: { label: 'Failed', tone: 'bad' },
}

/** Why a field was written, for people. */
export function reasonWords(reason: FieldChange['reason'], { erp, crm }: SideNames): string {
  switch (reason) {
    case 'first-sync':
      return 'first sync of this pair'
    case 'erp-changed':
      return `changed in ${erp}`
    case 'crm-overwritten':
      return `changed in ${crm}, put back because ${erp} owns it`
    case 'both-changed':
      return 'changed on both sides, decided by the conflict policy'
    case 'crm-changed':
      return `changed in ${crm}`
    case 'erp-overwritten':
      return `changed in ${erp}, put back because ${crm} owns it`
    case 'decided':
      return 'decided by a person'
    case 'turned-on':
      return 'turned on, because the project was paired'
    case 'undone':
      return 'put back'
    case 'created':
      return 'written at creation'
  }
}

/** Long notes are cut: the two systems are the place to read them. */
const MOST_CHARACTERS = 160

const money = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** A field's value as people read it: amounts grouped with two decimals, everything else on one line. */
export function shownValue(fieldMap: FieldMap, type: RecordType, field: string, value: string): string {
  const entry = fieldMap[type].find((each) => each.crm === field)
  const isAmount = entry?.transform.kind === 'decimal' && /^-?\d+(\.\d+)?$/.test(value)
  return isAmount ? money.format(Number(value)) : displayText(value, MOST_CHARACTERS)
}
