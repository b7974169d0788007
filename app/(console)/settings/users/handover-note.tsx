import { CopyText } from '../../../_ui/copy-text.tsx'
import { Note } from '../../../_ui/error-note.tsx'
import type { Handover } from './state.ts'

export function HandoverNote({ handover }: { handover: Handover }) {
  return (
    <Note tone="ok" role="status" title={`Password for ${handover.email}`}>
      <CopyText text={handover.password} label="password" />
      <p className="pt-1">It is shown this once: hand it over in person.</p>
    </Note>
  )
}
