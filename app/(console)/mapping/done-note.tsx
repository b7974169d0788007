import { Note } from '#app/_ui/error-note.tsx'
import type { RecordView } from '#lib/store/views-record'
import { displayText, quoted } from '#lib/sync/display-text'
import type { Notice } from './notice.ts'
import { UndoButton } from './undo-button.tsx'

export interface DoneNoteProps {
  notice: Notice
  /** The record that something was done with, as it stands now. */
  record: RecordView | null
  crmName: string
  /** Where undoing leads back to; `null`: it is not offered. */
  undoTo: string | null
}

/** What was just done, told from the record as it stands and not from the address. */
export function DoneNote({ notice, record, crmName, undoTo }: DoneNoteProps) {
  const sentence = record === null ? null : doneSentence(notice, record, crmName)
  if (sentence === null) return null
  return (
    <div className="pb-4">
      <Note tone="ok" role="status" title={sentence.title} action={undoOf(notice, record, undoTo)}>
        {sentence.next}
      </Note>
    </div>
  )
}

/** Pairing and *never* can be taken back at once; a pair that is older may hold what a sync has agreed on. */
function undoOf({ done, crmId }: Notice, record: RecordView | null, undoTo: string | null) {
  if (undoTo === null || record?.erpKey == null) return undefined
  const { type, erpKey, pair } = record
  if (done === 'paired' && pair && pair.base === null && pair.matchedBy === 'person') {
    return <UndoButton done="paired" type={type} erpKey={erpKey} crmId={pair.crmId} returnTo={undoTo} />
  }
  if (done === 'never' && crmId !== null && pair === null) {
    return <UndoButton done="never" type={type} erpKey={erpKey} crmId={crmId} returnTo={undoTo} />
  }
  return undefined
}

interface Sentence {
  readonly title: string
  readonly next: string
}

const RESTORED_NEXT =
  'It is paired as before. The next run compares both sides with what they had agreed on, and sends what differs.'

function doneSentence(notice: Notice, record: RecordView, crmName: string): Sentence | null {
  const name = `${displayText(record.name, 120)} (${displayText(record.erpKey ?? record.crmId ?? '')})`
  switch (notice.done) {
    case 'paired':
      return record.pair && paired(name, record.pair, crmName)
    case 'restored':
      return record.pair && { ...paired(name, record.pair, crmName), next: RESTORED_NEXT }
    case 'create-again':
      return record.pastPairs[0]?.createAgainAt
        ? {
            title: `The next run creates ${name} again in ${crmName}.`,
            next: 'Unless it finds a record of the same name there first, which it then pairs.',
          }
        : null
    case 'unpaired':
      return record.pair === null
        ? { title: `${name} has no pair any more.`, next: 'Both records stay as they are.' }
        : null
    case 'never':
      return record.pair === null
        ? {
            title: `${name} and that record in ${crmName} will not be matched again.`,
            next: 'Pairing them by hand takes that back.',
          }
        : null
    case 'allowed':
      return { title: `${name} may be matched with that record again.`, next: 'It stands among the candidates.' }
    case 'decided':
      return decided(name, record, notice.field)
    case 'pinned':
    case 'unpinned':
      return pinned(name, record, notice)
  }
}

function paired(name: string, pair: { readonly crmName: string; readonly crmId: string }, crmName: string): Sentence {
  return {
    title: `${name} is paired with ${displayText(pair.crmName, 120)} (${displayText(pair.crmId)}) in ${crmName}.`,
    next: 'The next run compares their fields and sends what differs.',
  }
}

function decided(name: string, record: RecordView, field: string | null): Sentence | null {
  const conflict = record.conflicts.find((one) => one.field === field)
  if (!conflict?.decided) return null
  return {
    title: `${conflict.label} of ${name} is decided: ${quoted(conflict.decided.value, 80)}.`,
    next: 'Nothing is written yet. The next sync carries it out in both systems.',
  }
}

function pinned(name: string, record: RecordView, { done, field: wanted }: Notice): Sentence | null {
  const field = record.fields.find((one) => one.field === wanted)
  if (!field || field.isPinned !== (done === 'pinned')) return null
  return field.isPinned
    ? {
        title: `${field.label} of ${name} is pinned.`,
        next: 'Both values stay as they are; no sync touches the field.',
      }
    : { title: `${field.label} of ${name} is not pinned any more.`, next: 'The next sync compares it again.' }
}
