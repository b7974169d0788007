import type { FieldMap } from '#lib/sync/field-map'
import type { FieldChange } from '#lib/sync/plan'
import type { RecordType } from '#lib/sync/records'
import { Disclosure } from '../../../_ui/disclosure.tsx'
import { reasonWords, shownValue } from '../[run]/item-words.ts'
import type { SideNames } from './run-words.ts'

interface Shown {
  fieldMap: FieldMap
  type: RecordType
  names: SideNames
}

/** Fields old → new; of several, the list opens on demand. `open`: it stands there at once, with the reasons. */
export function FieldChanges({ changes, open, ...shown }: Shown & { changes: readonly FieldChange[]; open?: boolean }) {
  const only = changes[0]
  if (!only) return null
  if (changes.length === 1) return <Change {...shown} change={only} />
  const list = (
    <ul className="flex flex-col gap-1.5 pb-1">
      {changes.map((change) => (
        <li key={`${change.side} ${change.field}`}>
          <Change {...shown} change={change} />
        </li>
      ))}
    </ul>
  )
  return open ? list : <Disclosure summary={`${changes.length} fields: ${summary(changes)}`}>{list}</Disclosure>
}

function Change({ fieldMap, type, names, change }: Shown & { change: FieldChange }) {
  const shown = (value: string | null) => (value === null ? null : shownValue(fieldMap, type, change.field, value))
  if (change.kept !== undefined) return <KeptField label={change.label} why={change.kept} was={shown(change.to)} />
  return (
    <p className="text-pretty wrap-anywhere">
      <span className="text-ink-muted">{change.label}: </span>
      {change.reason === 'created' ? null : (
        <>
          <Value text={shown(change.from)} old />
          <span aria-hidden className="px-1 text-ink-faint">
            →
          </span>
          <span className="sr-only"> becomes </span>
        </>
      )}
      <Value text={shown(change.to)} />
      {change.reason === 'created' ? null : (
        <span className="ps-1.5 text-xs text-ink-muted">{reasonWords(change.reason, names)}</span>
      )}
    </p>
  )
}

/** A field that an undo has left alone. `was`: what it held before the run. */
function KeptField({ label, why, was }: { label: string; why: string; was: string | null }) {
  return (
    <p className="text-pretty wrap-anywhere">
      <span className="text-ink-muted">{label}: </span>
      <span className="font-medium">kept.</span> {why}{' '}
      <span className="text-ink-muted">
        Before the run: <Value text={was} />
      </span>
    </p>
  )
}

function Value({ text, old }: { text: string | null; old?: boolean }) {
  if (text === null || text === '') return <span className="text-ink-faint">empty</span>
  return old ? (
    <del className="text-ink-muted decoration-ink-faint">{text}</del>
  ) : (
    <span className="font-medium">{text}</span>
  )
}

function summary(changes: readonly FieldChange[]): string {
  const named = changes.slice(0, 3).map((change) => change.label)
  return changes.length > named.length
    ? `${named.join(', ')} and ${changes.length - named.length} more`
    : named.join(', ')
}
