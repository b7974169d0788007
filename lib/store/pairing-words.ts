import { displayText, quoted } from '#lib/sync/display-text'
import { subjectName } from '#lib/sync/log-entry'
import type { SideNames } from '#lib/sync/messages'
import type { RecordType } from '#lib/sync/records'

/** The sentences of pairing by hand: on the log when it was done, to the person when it was refused. */

export interface ErpSide {
  readonly type: RecordType
  readonly erpKey: string
  readonly erpName: string
}

export interface CrmSide {
  readonly crmId: string
  readonly crmName: string
}

function crmRecord(crm: CrmSide): string {
  return `${quoted(crm.crmName)} (${displayText(crm.crmId)})`
}

export function linkedSentence(erp: ErpSide, crm: CrmSide, by: string, names: SideNames, syncToCrm: boolean): string {
  const next = syncToCrm
    ? 'The next run compares their fields and sends what differs.'
    : `Sync to CRM is off for it in ${names.erp}, so nothing is sent until that is turned on.`
  return `${subjectName(erp)} was paired with ${crmRecord(crm)} in ${names.crm} by ${by}. ${next}`
}

export function unlinkedSentence(erp: ErpSide, crm: CrmSide, by: string, never: boolean): string {
  const next = never ? 'No run will pair the two again.' : 'A later run may pair the two again by name.'
  return `${subjectName(erp)} and ${crmRecord(crm)} were unpaired by ${by}. Both records stay as they are. ${next}`
}

export function neverSentence(erp: ErpSide, crm: CrmSide, by: string, names: SideNames): string {
  return `${subjectName(erp)} and ${crmRecord(crm)} in ${names.crm} were marked as never to be matched by ${by}. No run will pair them.`
}

export function allowedSentence(erp: ErpSide, crm: CrmSide, by: string, names: SideNames): string {
  return `${subjectName(erp)} and ${crmRecord(crm)} in ${names.crm} may be matched again, said ${by}.`
}

export function notNeverSentence(erp: ErpSide, crm: CrmSide): string {
  return `${subjectName(erp)} and ${crmRecord(crm)} are not marked as never to be matched. Someone may have taken it back already.`
}

export function erpUnknownSentence(erp: Omit<ErpSide, 'erpName'>, names: SideNames): string {
  return `No ${erp.type} with key ${displayText(erp.erpKey)} is known from ${names.erp}. Run a sync so that it is read, then try again.`
}

export function crmUnknownSentence(type: RecordType, crmId: string, names: SideNames): string {
  return `No ${type} with id ${displayText(crmId)} is known from ${names.crm}. Run a sync so that it is read, then try again.`
}

export function erpTakenSentence(erp: ErpSide, crm: CrmSide, names: SideNames): string {
  return `${subjectName(erp)} is already paired with ${crmRecord(crm)} in ${names.crm}. Unpair those two first.`
}

export function crmTakenSentence(crm: CrmSide, owner: ErpSide | null, names: SideNames): string {
  const other = owner === null ? 'another record' : `${quoted(owner.erpName)} (${owner.erpKey})`
  return `${crmRecord(crm)} is already paired with ${other} in ${names.erp}. Unpair those two first.`
}

export function beingCreatedSentence(erp: ErpSide, names: SideNames): string {
  return `${subjectName(erp)} is about to be created in ${names.crm} by a run. Wait for that run to end, or cancel it, then pair.`
}

export function notPairedSentence(erp: Omit<ErpSide, 'erpName'>, names: SideNames): string {
  return `The ${erp.type} with key ${displayText(erp.erpKey)} in ${names.erp} has no pair. Someone may have removed it already.`
}

export function stillPairedSentence(erp: ErpSide, crm: CrmSide): string {
  return `${subjectName(erp)} and ${crmRecord(crm)} are a pair. Unpair them, and say there that they are never to be matched.`
}

export function restoredSentence(erp: ErpSide, crm: CrmSide, by: string, names: SideNames): string {
  return (
    `${subjectName(erp)} was paired with ${crmRecord(crm)} in ${names.crm} again by ${by}, with the values that both ` +
    'sides had agreed on. The next run compares their fields with those and sends what differs.'
  )
}

export function notAmongRemovedSentence(): string {
  return 'This pair is not among the removed ones. Someone may have restored it already.'
}

export function stillGoneSentence(type: RecordType, crmId: string, crmName: string): string {
  return (
    `${crmName} has no ${type} with id ${displayText(crmId)}, so the pair cannot be restored. ` +
    'Pair another record, or have this one created again.'
  )
}

export function notAnsweredSentence(): string {
  return 'The record was asked for and no answer came in time, so nothing was restored. Try again in a moment.'
}

export function notRemovedSentence(erp: Omit<ErpSide, 'erpName'>, names: SideNames): string {
  return `The ${erp.type} with key ${displayText(erp.erpKey)} in ${names.erp} never had a pair, so a run decides about it.`
}

export function notLostSentence(erp: ErpSide, names: SideNames): string {
  return `${subjectName(erp)} does not wait for you: its pair did not end because ${names.crm} lost the record. A run decides about it.`
}

export function createAgainSentence(erp: ErpSide, by: string, names: SideNames): string {
  return `${subjectName(erp)} is created again in ${names.crm} by the next run, as ${by} wants it, unless that finds it by name.`
}
