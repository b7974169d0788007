import { Note } from '#app/_ui/error-note.tsx'
import type { ConnectionView } from '#lib/store/connections'
import type { PairingSubject } from '#lib/store/views-pairing'
import { displayText } from '#lib/sync/display-text'
import type { Notice } from './notice.ts'

export interface DoneNoteProps {
  notice: Notice
  subject: PairingSubject | null
  connection: ConnectionView
}

/** What was just done, told from the table as it stands and not from the address. */
export function DoneNote({ notice, subject, connection }: DoneNoteProps) {
  const sentence = subject === null ? null : doneSentence(notice.done, subject, connection)
  if (sentence === null) return null
  return (
    <div className="pb-4">
      <Note tone="ok" role="status" title={sentence.title}>
        {sentence.next}
      </Note>
    </div>
  )
}

function doneSentence(
  done: Notice['done'],
  subject: PairingSubject,
  { crmName }: ConnectionView,
): { title: string; next: string } | null {
  const record = `${displayText(subject.name, 120)} (${displayText(subject.erpKey)})`
  const pair = subject.pairedWith
  if (done === 'paired' && pair !== null) {
    return {
      title: `${record} is paired with ${displayText(pair.crmName, 120)} (${displayText(pair.crmId)}) in ${crmName}.`,
      next: 'The next run compares their fields and sends what differs.',
    }
  }
  if (done === 'unpaired' && pair === null) {
    return { title: `${record} has no pair any more.`, next: 'Both records stay as they are.' }
  }
  if (done === 'never' && pair === null) {
    return {
      title: `${record} and that record in ${crmName} will not be matched again.`,
      next: 'Pairing them by hand takes that back.',
    }
  }
  return null
}
