import { ListFilter, Plus, RotateCcw } from 'lucide-react'
import type { Metadata } from 'next'
import { EmptyState } from '#app/_ui/empty-state.tsx'
import { FilterForm } from '#app/_ui/filter-form.tsx'
import { LinkButton, TextLink } from '#app/_ui/link-button.tsx'
import { SearchField } from '#app/_ui/search-field.tsx'
import { Tabs } from '#app/_ui/tabs.tsx'
import { Time } from '#app/_ui/time.tsx'
import { may } from '#lib/access/roles'
import { requireUser } from '#lib/access/session'
import { type ConnectionView, currentConnection } from '#lib/store/connections'
import type { SearchParams } from '../../address.ts'
import { IgnoredNote } from '../../ignored-note.tsx'
import { NoConnection } from '../../no-connection.tsx'
import { SHOWN_TYPES, TYPE_PLURAL } from '../../record-types.ts'
import { SettingsHead } from '../settings-head.tsx'
import { loadMapPage, type MapPageView } from './load-map-page.ts'
import { MapNotes } from './map-notes.tsx'
import { MapTable } from './map-table.tsx'
import { MoveForm } from './move-form.tsx'
import { RecordPicker } from './record-picker.tsx'
import { entryHref, type MapSearch, mapHref, readMapSearch } from './search-params.ts'

export const metadata: Metadata = { title: 'Field map' }

export default async function FieldMapPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const user = await requireUser('read')
  const search = readMapSearch(await searchParams)
  const connection = await currentConnection()
  const canEdit = may(user.role, 'settings')
  if (connection === null)
    return <NoConnection heading="Field map" title="Which field is which belongs here" maySetUp={canEdit} />
  const view = await loadMapPage(connection, search)
  return (
    <>
      <SettingsHead user={user} current="field-map" />
      <div className="flex flex-col gap-4">
        <Tabs
          label="Record types"
          tabs={SHOWN_TYPES.map((type) => ({
            label: TYPE_PLURAL[type],
            href: mapHref({ type }),
            current: type === search.type,
            count: type === search.type ? view.count : null,
          }))}
        />
        <IgnoredNote ignored={search.ignored} badPlace={false} />
        <MapNotes search={search} view={view} canEdit={canEdit} />
        <Toolbar search={search} view={view} canEdit={canEdit} />
        <RecordPicker
          type={search.type}
          pair={view.pair}
          find={search.find}
          found={view.found}
          kept={{ q: search.text }}
        />
        <div>
          {canEdit ? <MoveForm key={view.version} type={search.type} version={view.version} /> : null}
          <MapTable rows={view.rows} names={view.names} canEdit={canEdit} empty={<NoEntries search={search} />} />
        </div>
        <Checked connection={connection} search={search} view={view} />
      </div>
    </>
  )
}

function Toolbar({ search, view, canEdit }: { search: MapSearch; view: MapPageView; canEdit: boolean }) {
  const { type, text, record } = search
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <FilterForm
        label="Find an entry of the map"
        action="/settings/field-map"
        verb="Search"
        kept={{ type, record }}
        className="flex w-full min-w-0 items-center gap-2 sm:w-auto"
      >
        <SearchField
          key={text ?? ''}
          name="q"
          label="Name of a field, owner or form"
          placeholder="Field or form"
          defaultValue={text ?? ''}
          maxLength={200}
          className="w-full sm:w-64"
        />
      </FilterForm>
      {canEdit ? (
        <div className="flex flex-wrap gap-2">
          {view.isOwn ? (
            <LinkButton icon={RotateCcw} href={`/settings/field-map/reset?type=${type}`} prefetch={false}>
              Set back to default…
            </LinkButton>
          ) : null}
          <LinkButton
            icon={Plus}
            variant="primary"
            href={entryHref({ type, record: view.pair?.erpKey ?? null })}
            prefetch={false}
          >
            Add an entry
          </LinkButton>
        </div>
      ) : null}
    </div>
  )
}

function NoEntries({ search }: { search: MapSearch }) {
  return (
    <EmptyState
      icon={ListFilter}
      title="No entry of this map passes the search"
      action={<LinkButton href={mapHref({ type: search.type, record: search.record })}>Show all entries</LinkButton>}
    >
      The search looks at names on both sides, at owners and at how values are sent.
    </EmptyState>
  )
}

/** What the entries were held against, and when. */
function Checked({ connection, search, view }: { connection: ConnectionView; search: MapSearch; view: MapPageView }) {
  const { type, text, record } = search
  const anew = mapHref({ type, q: text, record, anew: 'yes' })
  return (
    <p className="px-1 text-sm text-ink-muted text-pretty">
      {view.describedAt ? (
        <>
          Checked against what {connection.crmName} had <Time at={view.describedAt} />.{' '}
        </>
      ) : null}
      <TextLink href={anew} prefetch={false} scroll={false}>
        Check again
      </TextLink>
    </p>
  )
}
