import { countUndoScope, type UndoScope } from '#lib/store/undo-facts'
import type { RunView } from '#lib/store/views-runs'
import type { UndoRefusal } from '#lib/sync/undo-rule'
import { Card } from '../../../_ui/card.tsx'
import { Note } from '../../../_ui/error-note.tsx'
import { LinkButton } from '../../../_ui/link-button.tsx'
import { counted } from '../_run/run-words.ts'
import { UndoForm } from './undo-form.tsx'

/** The step before an undo: what it puts back and how much, what it leaves, and why a person wants it. */
export async function UndoQuestion({ run, refusal }: { run: RunView; refusal: UndoRefusal | null }) {
  const keep = <LinkButton href={`/sync/${run.id}`}>Leave it as it is</LinkButton>
  if (refusal) return <Note tone="warn" title={refusal.message} action={keep} />
  const scope = await countUndoScope(run.id)
  return (
    <Card id="undo" title="Undo this run?">
      <div className="flex max-w-[640px] flex-col gap-4">
        <ul className="flex list-disc flex-col gap-1.5 ps-5 text-pretty">
          {whatItDoes(scope, run).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <p className="text-pretty text-ink-muted">
          An undo changes nothing about the reason for a change: the next sync would make the same changes again.
          Correct the values at their source first, or pin the fields.
        </p>
        <UndoForm runId={run.id} keep={keep} />
      </div>
    </Card>
  )
}

/** What the undo of a run does, as sentences with its numbers; nothing is said of what there is nothing of. */
export function whatItDoes(scope: UndoScope, names: Pick<RunView, 'erpName' | 'crmName'>): string[] {
  const { erpName, crmName } = names
  const back = (count: number, side: string) =>
    `In ${side}, ${counted(count, 'record')} ${count === 1 ? 'gets' : 'get'} back what the run replaced, field by field. A field that somebody has changed since is kept.`
  const stay = (count: number, side: string) =>
    `${counted(count, 'record')} that the run created in ${side} ${count === 1 ? 'stays' : 'stay'} there and ${count === 1 ? 'is' : 'are'} listed for you: nothing is deleted.`
  return [
    scope.crmRecords > 0 ? back(scope.crmRecords, crmName) : '',
    scope.erpRecords > 0 ? back(scope.erpRecords, erpName) : '',
    scope.pairs > 0
      ? `${counted(scope.pairs, 'pair')} that the run added to the CRM mapping table ${scope.pairs === 1 ? 'is' : 'are'} removed from it.`
      : '',
    scope.crmCreated > 0 ? stay(scope.crmCreated, crmName) : '',
    scope.erpCreated > 0 ? stay(scope.erpCreated, erpName) : '',
  ].filter((sentence) => sentence !== '')
}
