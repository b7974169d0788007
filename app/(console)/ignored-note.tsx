import { Note } from '#app/_ui/error-note.tsx'

/** What an address asked for and could not get: said, never an error page. */
export function IgnoredNote({ ignored, badPlace }: { ignored: readonly string[]; badPlace: boolean }) {
  if (ignored.length === 0 && !badPlace) return null
  return (
    <div className="pb-4">
      <Note tone="warn" title={noteTitle(ignored, badPlace)}>
        {ignored.length > 0 ? 'Everything else of the address was used.' : null}
      </Note>
    </div>
  )
}

function noteTitle(ignored: readonly string[], badPlace: boolean): string {
  const page = badPlace ? 'The link to this page of the list is no longer valid; this is the first page.' : ''
  const left = ignored.length > 0 ? `Left out, because it is not known here: ${ignored.join(', ')}.` : ''
  return [left, page].filter(Boolean).join(' ')
}
