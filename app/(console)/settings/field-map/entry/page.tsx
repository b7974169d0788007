import { SearchX } from 'lucide-react'
import type { Metadata } from 'next'
import { EmptyState } from '#app/_ui/empty-state.tsx'
import { Note } from '#app/_ui/error-note.tsx'
import { LinkButton } from '#app/_ui/link-button.tsx'
import { PageHead } from '#app/_ui/page-head.tsx'
import { TableFrame } from '#app/_ui/table.tsx'
import { requireUser } from '#lib/access/session'
import { currentConnection } from '#lib/store/connections'
import { displayText } from '#lib/sync/display-text'
import { oneValue, type SearchParams } from '../../../address.ts'
import { NoConnection } from '../../../no-connection.tsx'
import { TYPE_PLURAL } from '../../../record-types.ts'
import { EntryForm } from '../entry-form.tsx'
import { loadEntryPage } from '../load-entry-page.ts'
import { RemoveEntry } from '../remove-entry.tsx'
import { mapHref, readMapSearch } from '../search-params.ts'

export const metadata: Metadata = { title: 'Field map entry' }

/** One entry of the field map, or a new one; without JavaScript too. */
export default async function EntryPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireUser('settings')
  const params = await searchParams
  const search = readMapSearch(params)
  const connection = await currentConnection()
  if (connection === null)
    return <NoConnection heading="Field map" title="Which field is which belongs here" maySetUp />
  const { type, field, record } = search
  const trail = [
    { label: 'Field map', href: mapHref({}) },
    { label: TYPE_PLURAL[type], href: mapHref({ type, record }) },
  ]
  const view = await loadEntryPage(connection, search, oneValue(params, 'target'))
  if (!view.ok) {
    return (
      <>
        <PageHead title="Field map entry" trail={trail} />
        <TableFrame>
          <EmptyState
            icon={SearchX}
            title={view.title}
            action={<LinkButton href={mapHref({ type, record })}>Back to the map</LinkButton>}
          >
            {view.why}
          </EmptyState>
        </TableFrame>
      </>
    )
  }
  const { entry, form, findings } = view
  return (
    <>
      <PageHead
        trail={trail}
        title={entry ? displayText(entry.label) : 'Add an entry'}
        context={
          entry
            ? `${TYPE_PLURAL[type]}: what ${entry.crm} in ${connection.crmName} is given, and by whom.`
            : `${TYPE_PLURAL[type]}: one more field of ${connection.crmName} that the sync fills or shows.`
        }
      />
      {findings.length > 0 ? (
        <div className="pb-5">
          <Note tone="warn" title={findings.map(({ message }) => message).join(' ')} />
        </div>
      ) : null}
      <EntryForm key={`${type} ${field}`} {...form}>
        {entry && form.open === 'all' ? (
          <RemoveEntry
            type={type}
            version={form.version}
            crm={entry.crm}
            label={displayText(entry.label)}
            names={form.choices.names}
          />
        ) : null}
      </EntryForm>
    </>
  )
}
