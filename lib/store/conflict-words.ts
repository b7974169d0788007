import { displayText, quoted } from '#lib/sync/display-text'
import { subjectName } from '#lib/sync/log-entry'
import type { SideNames } from '#lib/sync/messages'
import type { FieldValue } from '#lib/sync/records'
import type { ErpSide } from './pairing-words.ts'

/** The sentences of settling conflicts and of pins: on the log when it was done, to the person when it was refused. */

export function decidedSentence(
  erp: ErpSide,
  decided: { readonly label: string; readonly value: FieldValue; readonly by: string },
  names: SideNames,
): string {
  return (
    `${subjectName(erp)}: ${decided.by} decided that ${decided.label} is ${quoted(decided.value, 60)} in ` +
    `${names.erp} and in ${names.crm}. The next sync carries this out.`
  )
}

export function conflictGoneSentence(erp: ErpSide): string {
  return `${subjectName(erp)} has no such conflict any more: a sync or another person has settled it. Reload the page.`
}

export function conflictChangedSentence(
  erp: ErpSide,
  now: {
    readonly label: string
    readonly erp: FieldValue
    readonly crm: FieldValue
    readonly decidedBy: string | null
  },
  names: SideNames,
): string {
  const who = now.decidedBy === null ? '' : ` ${displayText(now.decidedBy)} has decided it meanwhile.`
  return (
    `${now.label} of ${subjectName(erp)} has changed since this page was loaded, so nothing was decided.${who} ` +
    `${names.erp} has ${quoted(now.erp, 60)}, ${names.crm} has ${quoted(now.crm, 60)}. Reload the page and decide again.`
  )
}

export function carriedOutSentence(erp: ErpSide, label: string): string {
  return (
    `${label} of ${subjectName(erp)} was decided before, and a run that is going may be carrying that out. ` +
    'Wait for the run to end, or cancel it, then decide again.'
  )
}

export function notTakeableSentence(label: string, names: SideNames): string {
  return `${names.erp} has no field that ${label} could be written to, so only its own value can be taken, or the field pinned.`
}

export function notDescribedSentence(names: SideNames): string {
  return `${names.crm} has not been asked yet what this field may hold. Run a sync, then type the value again.`
}

export function pinnedSentence(erp: ErpSide, label: string, by: string): string {
  return (
    `${subjectName(erp)}: ${label} was pinned by ${by}. No sync touches it on either side until it is unpinned; ` +
    'both values stay as they are.'
  )
}

export function unpinnedSentence(erp: ErpSide, label: string, by: string): string {
  return `${subjectName(erp)}: ${label} was unpinned by ${by}. The next sync compares both sides and the last agreed value.`
}

export function alreadyPinnedSentence(erp: ErpSide, label: string, isPinned: boolean): string {
  return `${label} of ${subjectName(erp)} is ${isPinned ? 'pinned' : 'not pinned'} already. Someone may have been first; reload the page.`
}

export function noSuchFieldSentence(erp: ErpSide): string {
  return `${subjectName(erp)} has no such field in the field map. Reload the page.`
}
