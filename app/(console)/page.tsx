import type { Metadata } from 'next'
import { may } from '#lib/access/roles'
import { requireUser } from '#lib/access/session'
import { listOpenAlerts } from '#lib/store/alerts'
import { type ConnectionView, currentConnection } from '#lib/store/connections'
import { findDriftPercent } from '#lib/store/drift'
import { findBudget } from '#lib/store/views-budget'
import { findLatestComparison } from '#lib/store/views-drift'
import {
  countForReview,
  findLastCheck,
  listOpenProblems,
  outcomesPerDay,
  recentActivity,
} from '#lib/store/views-overview'
import { findBacklog, lastRuns } from '#lib/store/views-runs'
import { Card } from '../_ui/card.tsx'
import { LinkButton } from '../_ui/link-button.tsx'
import { PageHead } from '../_ui/page-head.tsx'
import { OpenAlerts } from './_alerts/open-alerts.tsx'
import { Activity } from './_overview/activity.tsx'
import { AtAGlance } from './_overview/at-a-glance.tsx'
import { DayChart } from './_overview/day-chart.tsx'
import { HealthCard } from './_overview/health-card.tsx'
import { LatestRun } from './_overview/latest-run.tsx'
import { OpenProblems } from './_overview/open-problems.tsx'
import { NextSync } from './next-sync.tsx'
import { NoConnection } from './no-connection.tsx'
import { ApiBudgetCard } from './sync/_run/api-budget.tsx'

export const metadata: Metadata = { title: 'Overview' }

const DAYS = 14
const EVENTS = 8

export default async function OverviewPage() {
  const user = await requireUser('read')
  const connection = await currentConnection()
  const maySetUp = may(user.role, 'settings')
  return connection ? (
    <Overview connection={connection} maySetUp={maySetUp} />
  ) : (
    <NoConnection heading="Overview" title="How both systems stand will be shown here" maySetUp={maySetUp} />
  )
}

async function Overview({ connection, maySetUp }: { connection: ConnectionView; maySetUp: boolean }) {
  const [alerts, check, runs, backlog, review, problems, days, events, comparison, driftLimit] = await Promise.all([
    listOpenAlerts(connection.id),
    findLastCheck(connection.id),
    lastRuns(connection.id, 1),
    findBacklog(connection.id),
    countForReview(connection.id),
    listOpenProblems(connection.id),
    outcomesPerDay(connection.id, DAYS, new Date()),
    recentActivity(EVENTS),
    findLatestComparison(connection.id),
    findDriftPercent(connection.id),
  ])
  const run = runs[0] ?? null
  const budget = await findBudget(connection.id, run, new Date())
  const names = { erp: connection.erpName, crm: connection.crmName }
  return (
    <>
      <PageHead
        title="Overview"
        context={`${names.erp} and ${names.crm} by the connection “${connection.name}”.`}
        actions={
          <LinkButton href="/sync" variant="primary">
            Synchronize
          </LinkButton>
        }
      />
      <NextSync connectionId={connection.id} />
      <div className="flex flex-col gap-4">
        {alerts.length > 0 ? (
          <Card id="alerts" title="What is wrong just now" flush>
            <OpenAlerts alerts={alerts} />
          </Card>
        ) : null}
        <AtAGlance
          backlog={backlog}
          review={review}
          hasRun={run !== null}
          comparison={comparison}
          driftLimit={driftLimit}
          openErrors={problems.reduce((sum, problem) => sum + problem.count, 0)}
        />
        <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
          <div className="flex min-w-0 flex-col gap-4">
            <LatestRun run={run} />
            <Card id="days" title="Records per day" context="What the syncs of the last 14 days did, by UTC day">
              <DayChart days={days} />
            </Card>
            <OpenProblems problems={problems} names={names} />
          </div>
          <div className="flex min-w-0 flex-col gap-4">
            <HealthCard names={names} check={check} calls={run?.apiCalls ?? null} maySetUp={maySetUp} />
            <ApiBudgetCard budget={budget} names={names} />
            <Activity events={events} />
          </div>
        </div>
      </div>
    </>
  )
}
