import type { ItemOutcome } from '#lib/store/views-run-items'
import type { FieldChange } from '#lib/sync/plan'
import type { Tone } from '../../../_ui/tone.ts'
import { OUTCOME_WORDS } from '../_run/run-words.ts'

export function itemOutcomeWords(outcome: ItemOutcome): { readonly label: string; readonly tone: Tone } {
  return outcome === 'waiting' ? { label: 'Waiting', tone: 'info' } : OUTCOME_WORDS[outcome]
}

/** Why a field was written, for people. */
export const REASON_WORDS: Readonly<Record<FieldChange['reason'], string>> = {
  'first-sync': 'first sync of this pair',
  'erp-changed': 'changed in the ERP',
  'crm-overwritten': 'changed in the CRM, put back because the ERP owns it',
  'both-changed': 'changed on both sides, the ERP wins',
  created: 'written at creation',
}
