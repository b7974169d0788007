import { Scale } from 'lucide-react'
import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { may } from '#lib/access/roles'
import { requireUser } from '#lib/access/session'
import { type ConnectionView, currentConnection } from '#lib/store/connections'
import { findDriftPercent } from '#lib/store/drift'
import { findSchedule } from '#lib/store/schedules'
import {
  findComparisonPlan,
  findLatestComparison,
  findNewestComparisonRun,
  listComparisons,
} from '#lib/store/views-drift'
import { findOpenRunView, lastRuns } from '#lib/store/views-runs'
import { Card } from '../../_ui/card.tsx'
import { FacetLink } from '../../_ui/chip.tsx'
import { EmptyState } from '../../_ui/empty-state.tsx'
import { LinkButton } from '../../_ui/link-button.tsx'
import { PageHead } from '../../_ui/page-head.tsx'
import { TableFrame } from '../../_ui/table.tsx'
import { address, type SearchParams } from '../address.ts'
import { IgnoredNote } from '../ignored-note.tsx'
import { NoConnection } from '../no-connection.tsx'
import { SHOWN_TYPES, TYPE_PLURAL } from '../record-types.ts'
import { CompareNow } from './compare-now.tsx'
import { DriftChart } from './drift-chart.tsx'
import { DriftNow } from './drift-now.tsx'
import { FailedNote, Going, NextComparison } from './notes.tsx'
import { type DriftSearch, readDriftSearch } from './search-params.ts'

export const metadata: Metadata = { title: 'Reconciliation' }

const DAYS = 90
const DAY_MILLISECONDS = 86_400_000

export default async function ReconciliationPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const user = await requireUser('read')
  const search = readDriftSearch(await searchParams)
  const connection = await currentConnection()
  if (!connection) {
    const maySetUp = may(user.role, 'settings')
    return (
      <NoConnection
        heading="Reconciliation"
        title="How far both systems agree will be shown here"
        maySetUp={maySetUp}
      />
    )
  }
  return <Reconciliation connection={connection} search={search} mayRun={may(user.role, 'run')} />
}

interface ReconciliationProps {
  connection: ConnectionView
  search: DriftSearch
  mayRun: boolean
}

async function Reconciliation({ connection, search, mayRun }: ReconciliationProps) {
  const { id } = connection
  const [open, runs, latest, newest, comparisons, limit, schedule] = await Promise.all([
    findOpenRunView(id),
    lastRuns(id, 1),
    findLatestComparison(id),
    findNewestComparisonRun(id),
    listComparisons(id, new Date(Date.now() - DAYS * DAY_MILLISECONDS)),
    findDriftPercent(id),
    findSchedule(id),
  ])
  const plan = latest && (await findComparisonPlan(latest.runId))
  const names = { erp: connection.erpName, crm: connection.crmName }
  const mayCompare = mayRun && open === null && runs.length > 0
  return (
    <>
      <PageHead
        title="Reconciliation"
        context={`How far ${names.erp} and ${names.crm} agree, record by record. A comparison reads both and writes nothing.`}
        actions={
          mayCompare && latest ? <CompareNow main={latest.total.differing + latest.total.missing === 0} /> : undefined
        }
      />
      <NextComparison schedule={schedule} />
      <IgnoredNote ignored={search.ignored} badPlace={false} />
      <div className="flex flex-col gap-4">
        {open ? <Going run={open} names={names} mayCancel={mayRun} /> : null}
        {newest?.state === 'failed' ? <FailedNote run={newest} /> : null}
        {latest ? (
          <>
            <DriftNow comparison={latest} plan={plan} limit={limit} names={names} />
            <OverTime type={search.type}>
              <DriftChart comparisons={comparisons} type={search.type} limit={limit} />
            </OverTime>
          </>
        ) : open?.kind === 'reconcile' ? null : (
          <Nothing isFirst={runs.length === 0} action={mayCompare ? <CompareNow main /> : undefined} />
        )}
      </div>
    </>
  )
}

function OverTime({ type, children }: { type: DriftSearch['type']; children: ReactNode }) {
  return (
    <Card id="over-time" title="Drift over time" context={`The comparisons of the last ${DAYS} days`}>
      <div className="flex flex-col gap-5">
        <nav aria-label="Whose drift is shown" className="flex flex-wrap gap-1.5">
          <FacetLink label="All records" href="/reconciliation" current={type === null} />
          {SHOWN_TYPES.map((one) => (
            <FacetLink
              key={one}
              label={TYPE_PLURAL[one]}
              href={address('/reconciliation', { type: one })}
              current={one === type}
            />
          ))}
        </nav>
        {children}
      </div>
    </Card>
  )
}

function Nothing({ isFirst, action }: { isFirst: boolean; action: ReactNode }) {
  return (
    <TableFrame>
      <EmptyState
        icon={Scale}
        title="How far both systems have drifted apart will be shown here"
        action={
          isFirst ? (
            <LinkButton href="/sync" variant="primary">
              Go to Synchronize
            </LinkButton>
          ) : (
            action
          )
        }
      >
        {isFirst
          ? 'Nothing is paired before the first sync, so there is nothing to compare yet. Synchronize once, then compare.'
          : 'Nothing has been compared yet. A comparison reads both systems completely, writes to neither, and lists every record that differs or lacks its partner.'}
      </EmptyState>
    </TableFrame>
  )
}
