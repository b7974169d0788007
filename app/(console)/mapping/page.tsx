import { Download, Waypoints } from 'lucide-react'
import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { buttonClass } from '#app/_ui/button.tsx'
import { EmptyState } from '#app/_ui/empty-state.tsx'
import { LinkButton } from '#app/_ui/link-button.tsx'
import { PageHead } from '#app/_ui/page-head.tsx'
import { Pagination } from '#app/_ui/pagination.tsx'
import { TableFrame } from '#app/_ui/table.tsx'
import { Tabs } from '#app/_ui/tabs.tsx'
import { may } from '#lib/access/roles'
import { requireUser } from '#lib/access/session'
import { shownFieldMap } from '#lib/connection-field-map'
import { type ConnectionView, currentConnection } from '#lib/store/connections'
import { findDescribedCrm } from '#lib/store/described-crm'
import { REVIEW_STATUSES } from '#lib/store/mapping-filter'
import { countMappings, listMappingPage, type MappingCounts, sumCounts } from '#lib/store/views-mapping'
import { listReviewItems } from '#lib/store/views-pairing'
import { findRecordView, type RecordView } from '#lib/store/views-record'
import type { RecordType } from '#lib/sync/records'
import { address, PAGE_SIZES, type SearchParams } from '../address.ts'
import { countText } from '../count-text.ts'
import { IgnoredNote } from '../ignored-note.tsx'
import { SHOWN_TYPES, TYPE_PLURAL, TYPE_SINGULAR } from '../record-types.ts'
import { DoneNote } from './done-note.tsx'
import { MappingFilters } from './mapping-filters.tsx'
import { MappingTable } from './mapping-table.tsx'
import { type Notice, readNotice } from './notice.ts'
import { ReviewList } from './review-list.tsx'
import { type MappingSearch, mappingHref, readMappingSearch, sortText } from './search-params.ts'

export const metadata: Metadata = { title: 'Mapping' }

/** Candidates take room and a query each: a page of the review is short. */
const REVIEW_SIZE = 10
const REVIEW_CANDIDATES = 3

export default async function MappingPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const user = await requireUser('read')
  const params = await searchParams
  const search = readMappingSearch(params)
  const connection = await currentConnection()
  const sides = connection === null ? null : `${connection.erpName} and ${connection.crmName}`
  return (
    <>
      <PageHead
        title="CRM mapping table"
        context={`Which record ${sides === null ? 'of one system is which record of the other' : `is which in ${sides}`}, who said so, and what still needs a decision.`}
        actions={connection === null ? null : <ExportLinks search={search} />}
      />
      {connection === null ? (
        <NoConnection />
      ) : (
        <Mapping
          connection={connection}
          search={search}
          notice={readNotice(params)}
          canPair={may(user.role, 'pair')}
          canRun={may(user.role, 'run')}
        />
      )}
    </>
  )
}

interface MappingProps {
  connection: ConnectionView
  search: MappingSearch
  notice: Notice | null
  canPair: boolean
  canRun: boolean
}

async function Mapping({ connection, search, notice, ...mays }: MappingProps) {
  const { filter } = search
  const [counts, ownCounts, changed] = await Promise.all([
    Promise.all(SHOWN_TYPES.map((type) => countMappings(connection.id, { type, statuses: [], text: null }))),
    countMappings(connection.id, { ...filter, statuses: [] }),
    notice === null ? null : findChanged(connection, filter.type, notice.erpKey),
  ])
  const typeCounts = SHOWN_TYPES.map((type, index) => ({ type, counts: counts[index] }))
  const isEmptyType = sumOf(typeCounts.find(({ type }) => type === filter.type)?.counts) === 0
  return (
    <>
      {notice === null ? null : (
        <DoneNote
          notice={notice}
          record={changed}
          crmName={connection.crmName}
          undoTo={mays.canPair ? mappingHref(search.query, { after: search.after, before: search.before }) : null}
        />
      )}
      <Tabs
        label="Record types"
        tabs={typeCounts.map(({ type, counts: ofType }) => ({
          label: TYPE_PLURAL[type],
          href: mappingHref({ type }),
          current: type === filter.type,
          count: ofType === undefined ? null : countText(sumCounts(ofType)),
        }))}
      />
      <MappingFilters search={search} counts={ownCounts} />
      <Rows connection={connection} search={search} counts={ownCounts} isEmptyType={isEmptyType} {...mays} />
    </>
  )
}

async function Rows({
  connection,
  search,
  counts,
  canPair,
  canRun,
  isEmptyType,
}: Omit<MappingProps, 'notice'> & { counts: MappingCounts; isEmptyType: boolean }) {
  const { filter, order, query } = search
  const isReview = filter.statuses.length > 0 && filter.statuses.every((status) => REVIEW_STATUSES.includes(status))
  const size = isReview ? REVIEW_SIZE : search.size
  const page = await listMappingPage(connection.id, filter, order, { ...search, size })
  const items = isReview ? await listReviewItems(connection.id, page.rows, REVIEW_CANDIDATES) : []
  const [fieldMap, described] = await Promise.all([shownFieldMap(connection.id), findDescribedCrm(connection.id)])
  const here = mappingHref(query, { after: search.after, before: search.before })
  const total = sumCounts(counts, filter.statuses.length === 0 ? undefined : filter.statuses)
  const empty = <NoRows search={search} isEmptyType={isEmptyType} />
  return (
    <>
      <IgnoredNote ignored={search.ignored} badPlace={page.badPlace} />
      {isReview && page.rows.length === 0 ? <TableFrame>{empty}</TableFrame> : null}
      {isReview ? (
        <ReviewList
          items={items}
          connection={connection}
          fieldMap={fieldMap}
          description={described?.description ?? null}
          here={here}
          canPair={canPair}
        />
      ) : (
        <MappingTable
          rows={page.rows}
          connection={connection}
          order={order}
          sortHref={(column, direction) => mappingHref(query, { sort: sortOf(column, direction) })}
          here={here}
          canPair={canPair}
          canRun={canRun}
          empty={empty}
        />
      )}
      {page.rows.length === 0 ? null : (
        <Pagination
          noun={(total.value === 1 ? TYPE_SINGULAR : TYPE_PLURAL)[filter.type].toLowerCase()}
          range={{ from: page.position, to: page.position + page.rows.length - 1 }}
          total={total.value}
          orMore={total.isCapped}
          previousHref={page.previous && mappingHref(query, { before: page.previous })}
          nextHref={page.next && mappingHref(query, { after: page.next })}
          sizes={
            isReview
              ? undefined
              : PAGE_SIZES.map((each) => ({
                  size: each,
                  href: mappingHref(query, { size: String(each) }),
                  current: each === search.size,
                }))
          }
        />
      )}
    </>
  )
}

/** The record that an action of this page has just changed. */
async function findChanged(connection: ConnectionView, type: RecordType, erpKey: string): Promise<RecordView | null> {
  return findRecordView(connection, type, { erpKey }, (await shownFieldMap(connection.id))[type])
}

function sumOf(counts: MappingCounts | undefined): number {
  return counts === undefined ? 0 : sumCounts(counts).value
}

function sortOf(column: string, direction: 'asc' | 'desc'): string | null {
  const text = `${direction === 'desc' ? '-' : ''}${column}`
  return text === sortText({ column: 'erpName', direction: 'asc' }) ? null : text
}

function ExportLinks({ search }: { search: MappingSearch }) {
  const { type, status, q } = search.query
  return (['csv', 'json'] as const).map((format) => (
    // A plain link: a download must not be fetched ahead or kept by the router.
    <a
      key={format}
      href={address('/mapping/export', { type: type ?? null, status: status ?? null, q: q ?? null, format })}
      download
      className={buttonClass()}
    >
      <Download aria-hidden size={16} strokeWidth={1.75} />
      Export {format.toUpperCase()}
    </a>
  ))
}

function NoRows({ search, isEmptyType }: { search: MappingSearch; isEmptyType: boolean }): ReactNode {
  const { filter } = search
  const types = TYPE_PLURAL[filter.type].toLowerCase()
  if (isEmptyType) {
    return (
      <EmptyState
        icon={Waypoints}
        title={`No ${types} are paired yet`}
        action={
          <LinkButton href="/sync" variant="primary">
            Go to Synchronize
          </LinkButton>
        }
      >
        The first sync reads both systems and pairs {types} whose names are equal. What it cannot decide waits here for
        you.
      </EmptyState>
    )
  }
  const isReview = filter.text === null && filter.statuses.every((status) => REVIEW_STATUSES.includes(status))
  if (isReview) {
    return (
      <EmptyState
        icon={Waypoints}
        title="Nothing to review"
        action={<LinkButton href={mappingHref({ type: filter.type })}>Show all {types}</LinkButton>}
      >
        Every record that matching looked at was decided. New questions appear here after a run.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={Waypoints}
      title={`No ${types} pass these filters`}
      action={<LinkButton href={mappingHref({ type: filter.type })}>Clear all filters</LinkButton>}
    >
      The search looks at the beginning, middle and end of names, keys and ids of both sides.
    </EmptyState>
  )
}

function NoConnection() {
  return (
    <EmptyState
      icon={Waypoints}
      title="No connection yet"
      action={
        <LinkButton href="/settings/connection" variant="primary">
          Set up the connection
        </LinkButton>
      }
    >
      The mapping table belongs to a connection of two systems. Enter the access to both first.
    </EmptyState>
  )
}
