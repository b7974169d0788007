import { ErrorNote, Note } from '#app/_ui/error-note.tsx'
import { TextLink } from '#app/_ui/link-button.tsx'
import { displayText } from '#lib/sync/display-text'
import { TYPE_PLURAL } from '../../record-types.ts'
import type { MapPageView } from './load-map-page.ts'
import { entryHref, type MapSearch } from './search-params.ts'

/** What was just done, and what is wrong with the map as a whole. */
export function MapNotes({ search, view, canEdit }: { search: MapSearch; view: MapPageView; canEdit: boolean }) {
  const { type, field, done } = search
  const label = view.rows.find(({ entry }) => entry.crm === field)?.entry.label ?? displayText(field ?? '', 60)
  return (
    <>
      {done ? (
        <Note tone="ok" role="status" title={DONE[done](label)}>
          It applies to all {TYPE_PLURAL[type].toLowerCase()} from the next run on.
        </Note>
      ) : null}
      {view.broken ? (
        <ErrorNote title={view.broken}>What follows is the default. Until then, no sync can run.</ErrorNote>
      ) : null}
      {view.unchecked ? (
        <Note tone="warn" title={`The map could not be checked. ${view.unchecked}`}>
          It is shown as it is saved. A change is saved only when it can be checked.
        </Note>
      ) : null}
      {view.missing.map(({ crm, message }) => (
        <Note
          key={crm}
          tone="warn"
          title={message}
          action={canEdit ? <TextLink href={entryHref({ type, target: crm })}>Add it</TextLink> : undefined}
        />
      ))}
    </>
  )
}

const DONE: Readonly<Record<NonNullable<MapSearch['done']>, (label: string) => string>> = {
  saved: (label) => `${label} is saved.`,
  added: (label) => `${label} is in the map.`,
  removed: (label) => `${label} is out of the map. What it has sent stays in both systems.`,
  reset: () => 'The map is set back to the default.',
}
