import { Note } from '../../../_ui/error-note.tsx'

/** A second start does not fail and does not queue (sync-rules §2.1). */
export function AttachedNote() {
  return (
    <Note role="status" title="A sync was going already, so this page shows that one">
      No second sync was started, and the options you ticked were not used. Start another when this one has ended.
    </Note>
  )
}
