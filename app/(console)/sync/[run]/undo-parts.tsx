import { Undo2 } from 'lucide-react'
import { findUndoFacts, findUndosOf } from '#lib/store/undo-facts'
import type { RunView } from '#lib/store/views-runs'
import type { RunStatus } from '#lib/sync/run-state'
import { refuseUndo, type UndoRefusal } from '#lib/sync/undo-rule'
import { Note } from '../../../_ui/error-note.tsx'
import { LinkButton } from '../../../_ui/link-button.tsx'
import { isOpen } from '../_run/run-words.ts'

/** Whether a run can be undone, for somebody who may; `null`: its kind or state leaves no question. */
export async function findUndoing(run: RunView): Promise<{ readonly refusal: UndoRefusal | null } | null> {
  if (isOpen(run.state) || ['undo', 'preview', 'reconcile'].includes(run.kind)) return null
  const facts = await findUndoFacts(run.id)
  return facts && { refusal: refuseUndo(facts) }
}

/** The button is there for what can be undone now, or when the run that is going has ended. */
export function mayUndo(undoing: Awaited<ReturnType<typeof findUndoing>>): boolean {
  return undoing !== null && (undoing.refusal === null || undoing.refusal.reason === 'another-run-going')
}

export function UndoButton({ runId }: { runId: string }) {
  return (
    <LinkButton href={`/sync/${runId}?undo=ask`} icon={Undo2} prefetch={false}>
      Undo
    </LinkButton>
  )
}

const ENDED: Readonly<Partial<Record<RunStatus, string>>> = {
  completed: 'This run has been undone.',
  completed_with_errors: 'This run has been undone, but some records could not be put back.',
  cancelled: 'An undo of this run was cancelled. What it had put back stays so.',
  failed: 'An undo of this run stopped early. What it had put back stays so.',
}

/** On a run's page: its newest undo, and the way to it. */
export async function UndoneNote({ runId }: { runId: string }) {
  const [undo] = await findUndosOf(runId)
  if (!undo) return null
  const title = undo.status === null ? 'This run is being undone.' : ENDED[undo.status]
  if (title === undefined) return null
  return (
    <Note
      tone={undo.status === 'completed' || undo.status === null ? 'info' : 'warn'}
      title={title}
      action={
        <LinkButton size="small" href={`/sync/${undo.id}`}>
          Open the undo
        </LinkButton>
      }
    />
  )
}
