import { ErrorNote } from '#app/_ui/error-note.tsx'
import type { FieldMapEntry } from '#lib/sync/field-map'
import type { MapChanges } from '#lib/sync/map-changes'
import { isUnchanged } from '#lib/sync/map-changes'
import type { SideNames } from '#lib/sync/messages'
import { ownerWords, sourceWords, transformWords } from './map-words.ts'

export interface ChangeListProps {
  changes: MapChanges
  /** Why the stored map cannot be read, so that nobody can tell what it held. */
  broken: string | null
  names: SideNames
}

/** What becomes of a map's entries: those that go, those that come, and those that change. */
export function ChangeList({ changes, broken, names }: ChangeListProps) {
  if (broken)
    return (
      <ErrorNote title={broken}>What it holds besides cannot be told. All of it is replaced by the default.</ErrorNote>
    )
  if (isUnchanged(changes)) return <p>The entries are those of the default already.</p>
  const { added, removed, changed, moved } = changes
  return (
    <div className="flex flex-col gap-5">
      <Group title={counted(removed.length, 'entry goes', 'entries go')} entries={removed} names={names} />
      <Group title={counted(added.length, 'entry comes back', 'entries come back')} entries={added} names={names} />
      {changed.length > 0 ? (
        <section>
          <h3 className="pb-1.5 text-sm">{counted(changed.length, 'entry changes', 'entries change')}</h3>
          <ul className="flex flex-col gap-2 text-sm">
            {changed.map(({ from, to }) => (
              <li key={from.crm} className="wrap-anywhere">
                <span className="font-medium">{from.label}</span>{' '}
                <span className="font-mono text-xs text-ink-muted">{from.crm}</span>
                <ul className="text-ink-muted">
                  {differences(from, to, names).map((words) => (
                    <li key={words}>{words}</li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {moved ? <p className="text-sm">The entries stand in the order of the default again.</p> : null}
    </div>
  )
}

function Group({ title, entries, names }: { title: string; entries: readonly FieldMapEntry[]; names: SideNames }) {
  if (entries.length === 0) return null
  return (
    <section>
      <h3 className="pb-1.5 text-sm">{title}</h3>
      <ul className="flex flex-col gap-1 text-sm">
        {entries.map((entry) => (
          <li key={entry.crm} className="wrap-anywhere">
            <span className="font-medium">{entry.label}</span>{' '}
            <span className="text-ink-muted">
              {sourceWords(entry)} → <span className="font-mono text-xs">{entry.crm}</span>,{' '}
              {ownerWords(entry.owner, names).label.toLowerCase()}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

/** Each part that differs, as it is and as it will be. */
function differences(from: FieldMapEntry, to: FieldMapEntry, names: SideNames): string[] {
  const parts: readonly (readonly [string, (entry: FieldMapEntry) => string])[] = [
    ['Value', sourceWords],
    ['Owner', ({ owner }) => ownerWords(owner, names).label],
    ['Form', transformWords],
    ['Value map', valueWords],
    ['Only if empty', ({ onlyIfEmpty }) => (onlyIfEmpty ? 'yes' : 'no')],
    ['Name', ({ label }) => label],
  ]
  return parts.flatMap(([name, words]) => (words(from) === words(to) ? [] : [`${name}: ${words(from)} → ${words(to)}`]))
}

function valueWords({ transform }: FieldMapEntry): string {
  const values = 'values' in transform ? Object.entries(transform.values) : []
  return values.length === 0 ? 'none' : values.map(([from, to]) => `${from} = ${to}`).join(', ')
}
