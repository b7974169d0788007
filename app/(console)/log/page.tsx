import { Download, ScrollText } from 'lucide-react'
import type { Metadata } from 'next'
import { buttonClass } from '#app/_ui/button.tsx'
import { EmptyState } from '#app/_ui/empty-state.tsx'
import { LinkButton } from '#app/_ui/link-button.tsx'
import { PageHead } from '#app/_ui/page-head.tsx'
import { Pagination } from '#app/_ui/pagination.tsx'
import { may } from '#lib/access/roles'
import { requireUser } from '#lib/access/session'
import { type ConnectionView, currentConnection } from '#lib/store/connections'
import { countLog, findLogLine, listLogMethods, listLogPage, logPlace } from '#lib/store/views-log'
import { findOpenRunView } from '#lib/store/views-runs'
import { address, PAGE_SIZES, type Query, type SearchParams } from '../address.ts'
import { IgnoredNote } from '../ignored-note.tsx'
import { LogEntry } from './log-entry.tsx'
import { LogFilters } from './log-filters.tsx'
import { LogTable } from './log-table.tsx'
import { NewerLines } from './newer-lines.tsx'
import { type LogSearch, logHref, readLogSearch } from './search-params.ts'

export const metadata: Metadata = { title: 'Integration log' }

export default async function LogPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const user = await requireUser('read')
  const search = readLogSearch(await searchParams, new Date())
  const connection = await currentConnection()
  return (
    <>
      <PageHead
        title="Integration log"
        context="What every run did and why, newest first. Open a line for its cause and what to do."
        actions={connection === null ? null : <ExportLinks query={search.query} />}
      />
      {connection === null ? (
        <NoConnection />
      ) : (
        <Log connection={connection} search={search} mayRun={may(user.role, 'run')} />
      )}
    </>
  )
}

interface LogProps {
  connection: ConnectionView
  search: LogSearch
  mayRun: boolean
}

async function Log({ connection, search, mayRun }: LogProps) {
  const [page, total, methods, run, line] = await Promise.all([
    listLogPage(connection.id, search.filter, search),
    countLog(connection.id, search.filter),
    listLogMethods(connection.id),
    findOpenRunView(connection.id),
    search.entry === null ? undefined : findLogLine(connection.id, search.entry),
  ])
  const here: Query = { ...search.query, after: search.after, before: search.before }
  const newest = page.rows[0]
  const isOpen = line !== undefined
  return (
    <>
      <IgnoredNote ignored={search.ignored} badPlace={page.badPlace} />
      <LogFilters search={search} methods={methods} />
      {page.previous === null && newest !== undefined ? (
        <NewerLines
          key={logPlace(newest)}
          pollHref={address('/log/newer', { ...search.query, since: logPlace(newest) })}
          firstPageHref={logHref(search.query)}
          isRunOpen={run !== null}
        />
      ) : null}
      <div className={isOpen ? 'grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_400px]' : ''}>
        {isOpen ? (
          <LogEntry
            line={line}
            closeHref={logHref(here)}
            erpName={connection.erpName}
            crmName={connection.crmName}
            mayRun={mayRun}
          />
        ) : null}
        <div className={isOpen ? 'min-w-0 lg:col-start-1 lg:row-start-1' : ''}>
          <LogTable
            lines={page.rows}
            entryHref={(place) => logHref(here, { entry: place })}
            openId={line?.id ?? null}
            narrow={isOpen}
            empty={
              <NoLines isFiltered={Object.values(search.query).some((value) => value !== null && value.length > 0)} />
            }
          />
          {page.rows.length === 0 ? null : (
            <Pagination
              noun={total.value === 1 ? 'line' : 'lines'}
              range={{ from: page.position, to: page.position + page.rows.length - 1 }}
              total={total.value}
              orMore={total.isCapped}
              previousHref={page.previous && logHref(search.query, { before: page.previous })}
              nextHref={page.next && logHref(search.query, { after: page.next })}
              sizes={PAGE_SIZES.map((size) => ({
                size,
                href: logHref(search.query, { size: String(size) }),
                current: size === search.size,
              }))}
            />
          )}
        </div>
      </div>
    </>
  )
}

function ExportLinks({ query }: { query: Query }) {
  return (['csv', 'json'] as const).map((format) => (
    // A plain link: a download must not be fetched ahead or kept by the router.
    <a key={format} href={address('/log/export', { ...query, size: null, format })} download className={buttonClass()}>
      <Download aria-hidden size={16} strokeWidth={1.75} />
      Export {format.toUpperCase()}
    </a>
  ))
}

function NoLines({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState
        icon={ScrollText}
        title="No line passes these filters"
        action={<LinkButton href="/log">Clear all filters</LinkButton>}
      >
        Take one filter away, or look at a longer period.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={ScrollText}
      title="The log is empty"
      action={
        <LinkButton href="/sync" variant="primary">
          Go to Synchronize
        </LinkButton>
      }
    >
      Every run writes here what it did to each record and why. The first lines appear as soon as a sync starts.
    </EmptyState>
  )
}

function NoConnection() {
  return (
    <EmptyState
      icon={ScrollText}
      title="No connection yet"
      action={
        <LinkButton href="/settings/connection" variant="primary">
          Set up the connection
        </LinkButton>
      }
    >
      The log shows what the runs of a connection did. Enter the access to both systems first.
    </EmptyState>
  )
}
