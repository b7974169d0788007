import { Download } from 'lucide-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import { may } from '#lib/access/roles'
import { requireUser } from '#lib/access/session'
import { shownFieldMap } from '#lib/connection-field-map'
import { mayApprove } from '#lib/engine/plans'
import { findConnection } from '#lib/store/connections'
import { NO_PLAN_FILTER } from '#lib/store/plan-filter'
import { findPlan } from '#lib/store/plans'
import { listPlanItems, tallyPlan } from '#lib/store/views-plan'
import { findRunView } from '#lib/store/views-runs'
import { Badge } from '../../../../_ui/badge.tsx'
import { LinkButton } from '../../../../_ui/link-button.tsx'
import { PageHead } from '../../../../_ui/page-head.tsx'
import { Pagination } from '../../../../_ui/pagination.tsx'
import { address, PAGE_SIZES, type SearchParams } from '../../../address.ts'
import { IgnoredNote } from '../../../ignored-note.tsx'
import { PLAN_CONTEXT, PLAN_STATE_WORDS } from './kind-words.ts'
import { PlanDecision } from './plan-decision.tsx'
import { PlanFilters } from './plan-filters.tsx'
import { TickAll } from './plan-forms.tsx'
import { PlanTable } from './plan-table.tsx'
import { matching } from './plan-tally.ts'
import { filterQuery, planHref, readPlanSearch } from './search-params.ts'

export const metadata: Metadata = { title: 'Plan' }

interface PlanPageProps {
  params: Promise<{ plan: string }>
  searchParams: Promise<SearchParams>
}

/** What a preview found: every intended change, to be filtered, unticked, exported, approved and applied as it is. */
export default async function PlanPage({ params, searchParams }: PlanPageProps) {
  const user = await requireUser('read')
  const id = z.uuid().safeParse((await params).plan)
  const plan = id.success ? await findPlan(id.data) : null
  const run = plan && (await findRunView(plan.runId))
  if (!plan || !run) notFound()
  const search = readPlanSearch(await searchParams)
  const { filter, size, after, before } = search
  const [page, tally, found, fieldMap, connection] = await Promise.all([
    listPlanItems(plan, filter, { size, after, before }),
    tallyPlan(plan),
    filter.text === null ? null : tallyPlan(plan, filter.text),
    shownFieldMap(run.connectionId),
    findConnection(run.connectionId),
  ])
  const names = { erp: run.erpName, crm: run.crmName }
  const total = matching(found ?? tally, filter)
  const all = matching(tally, NO_PLAN_FILTER)
  const isAboutProblems = filter.kind === null || filter.kind === 'problem'
  const tickable = total - (isAboutProblems ? matching(found ?? tally, { ...filter, kind: 'problem' }) : 0)
  const mayRun = may(user.role, 'run')
  const isFiltered = Object.values(filter).some((part) => part !== null)
  const { label, tone } = PLAN_STATE_WORDS[plan.state]
  const href = (changes: Parameters<typeof planHref>[2]) => planHref(plan.id, search, changes)
  const secondApprover = connection?.settings.secondApprover === true
  return (
    <>
      <PageHead
        trail={[{ label: 'Synchronize', href: '/sync' }]}
        title={
          <span className="inline-flex flex-wrap items-center gap-2.5">
            Plan <Badge tone={tone}>{label}</Badge>
          </span>
        }
        context={PLAN_CONTEXT[plan.state]}
        actions={
          all > 0 ? (
            <LinkButton
              icon={Download}
              prefetch={false}
              href={address(`/sync/preview/${plan.id}/export`, { ...filterQuery(filter), format: 'csv' })}
            >
              Export CSV
            </LinkButton>
          ) : undefined
        }
      />
      <div className="flex flex-col gap-6">
        <PlanDecision
          plan={plan}
          run={run}
          names={names}
          tally={tally}
          asks={search.asks}
          mayRun={mayRun}
          secondApprover={secondApprover}
          mayApprove={mayApprove(plan, user.email, secondApprover)}
        />
        <section aria-label="Records of this plan" className="flex min-w-0 flex-col gap-3">
          <IgnoredNote ignored={search.ignored} badPlace={page.badPlace} />
          {all > 0 ? (
            <PlanFilters planId={plan.id} search={search} tally={found ?? tally} all={tally} names={names} />
          ) : null}
          {plan.state === 'open' && mayRun && tickable > 0 ? (
            <TickAll
              planId={plan.id}
              filter={filterQuery(filter)}
              noun={`${isFiltered ? 'the' : 'all'} ${tickable.toLocaleString('en-US')}${isFiltered ? ' shown' : ''}`}
            />
          ) : null}
          <PlanTable
            planId={plan.id}
            fieldMap={fieldMap}
            names={names}
            items={page.rows}
            mayTick={plan.state === 'open' && mayRun}
            isFiltered={isFiltered}
          />
          {total > 0 ? (
            <Pagination
              noun="records"
              range={page.rows.length > 0 ? { from: page.position, to: page.position + page.rows.length - 1 } : null}
              total={total}
              previousHref={page.previous ? href({ before: page.previous }) : null}
              nextHref={page.next ? href({ after: page.next }) : null}
              sizes={PAGE_SIZES.map((each) => ({
                size: each,
                href: href({ size: String(each) }),
                current: each === size,
              }))}
            />
          ) : null}
        </section>
      </div>
    </>
  )
}
