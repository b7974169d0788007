import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { may } from '#lib/access/roles'
import { requireUser } from '#lib/access/session'
import { tallyFailedRecords } from '#lib/store/failed-items'
import { isHeldByBrake } from '#lib/store/views-brake'
import { findBudget } from '#lib/store/views-budget'
import { groupRunProblems, tallyRunBatches, tallyRunItems } from '#lib/store/views-run-items'
import { findRunView, type RunView } from '#lib/store/views-runs'
import { Note } from '../../../_ui/error-note.tsx'
import { LinkButton } from '../../../_ui/link-button.tsx'
import { PageHead } from '../../../_ui/page-head.tsx'
import { Tabs } from '../../../_ui/tabs.tsx'
import type { SearchParams } from '../../address.ts'
import { AttachedNote } from '../_run/attached-note.tsx'
import { CancelForm } from '../_run/cancel-run.tsx'
import { cancelWords } from '../_run/cancel-words.ts'
import { LiveRun } from '../_run/live-run.tsx'
import { RunBadge } from '../_run/run-badge.tsx'
import { isOpen, runTitle } from '../_run/run-words.ts'
import { AllowRemoval } from './allow-removal.tsx'
import { CallsTab } from './calls-tab.tsx'
import { ErrorsTab } from './errors-tab.tsx'
import { FinishedRun } from './finished-run.tsx'
import { LogTab } from './log-tab.tsx'
import { RecordsTab } from './records-tab.tsx'
import { RunFacts } from './run-facts.tsx'
import { type RunSearch, type RunTab, readRunSearch, tabHref } from './search-params.ts'
import { SettingsTab } from './settings-tab.tsx'
import { findUndoing, mayUndo, UndoButton, UndoneNote } from './undo-parts.tsx'
import { UndoQuestion } from './undo-question.tsx'

export const metadata: Metadata = { title: 'Run' }

interface PageProps {
  params: Promise<{ run: string }>
  searchParams: Promise<SearchParams>
}

export default async function RunPage({ params, searchParams }: PageProps) {
  const user = await requireUser('read')
  const run = await findRunView((await params).run)
  if (!run) notFound()
  const search = readRunSearch(await searchParams)
  const mayRun = may(user.role, 'run')
  const names = { erp: run.erpName, crm: run.crmName }
  const [tallies, items, problems, undoing, isHeld] = await Promise.all([
    tallyRunBatches(run.id),
    tallyRunItems(run.id),
    groupRunProblems(run.id),
    mayRun ? findUndoing(run) : null,
    mayRun && isHeldByBrake(run),
  ])
  const open = isOpen(run.state)
  return (
    <>
      <PageHead
        trail={[{ label: 'Synchronize', href: '/sync' }]}
        title={
          <span className="inline-flex flex-wrap items-center gap-2.5">
            {runTitle(run)} <RunBadge run={run} />
          </span>
        }
        context={run.state === 'failed' ? undefined : (run.message ?? undefined)}
        actions={mayUndo(undoing) && !search.asksUndo ? <UndoButton runId={run.id} /> : null}
      />
      <div className="flex flex-col gap-6">
        {search.attached ? <AttachedNote /> : null}
        {open && search.asksCancel && mayRun ? <CancelQuestion run={run} /> : null}
        {undoing && search.asksUndo ? <UndoQuestion run={run} refusal={undoing.refusal} /> : null}
        <UndoneNote runId={run.id} />
        <RunFacts run={run} names={names} />
        {open ? (
          <LiveRun key={run.id} initial={run} names={names} allBatches={run.options.allBatches} mayCancel={mayRun} />
        ) : (
          <FinishedRun run={run} names={names} tallies={tallies} />
        )}
        {isHeld ? <AllowRemoval runId={run.id} crmName={names.crm} /> : null}
        <section aria-label="Details" className="flex min-w-0 flex-col gap-4">
          <Tabs label="Details of this run" tabs={tabs(run, search.tab, { items, problems })} />
          <TabContent run={run} search={search} items={items} problems={problems} mayRun={mayRun} />
        </section>
      </div>
    </>
  )
}

type Items = Awaited<ReturnType<typeof tallyRunItems>>
type Problems = Awaited<ReturnType<typeof groupRunProblems>>

async function TabContent({
  run,
  search,
  items,
  problems,
  mayRun,
}: {
  run: RunView
  search: RunSearch
  items: Items
  problems: Problems
  mayRun: boolean
}) {
  switch (search.tab) {
    case 'records':
      return <RecordsTab run={run} search={search} tally={items} mayRun={mayRun} />
    case 'errors':
      return (
        <ErrorsTab
          run={run}
          groups={problems}
          items={items}
          failed={await tallyFailedRecords(run.id)}
          mayRun={mayRun}
        />
      )
    case 'log':
      return <LogTab run={run} />
    case 'calls':
      return <CallsTab run={run} budget={await findBudget(run.connectionId, run, new Date())} />
    case 'settings':
      return <SettingsTab run={run} />
  }
}

function tabs(run: RunView, current: RunTab, found: { items: Items; problems: Problems }) {
  const sum = (counts: readonly { count: number }[]) => counts.reduce((total, { count }) => total + count, 0)
  const tab = (name: RunTab, label: string, count?: number) => ({
    label,
    href: tabHref(run.id, name),
    current: current === name,
    count,
  })
  return [
    tab('records', 'Records', sum(found.items)),
    tab('errors', 'Errors and warnings', sum(found.problems)),
    tab('log', 'Log'),
    tab('calls', 'API calls', run.apiCalls.erp + run.apiCalls.crm),
    tab('settings', 'Settings used'),
  ]
}

function CancelQuestion({ run }: { run: RunView }) {
  const { question, explanation } = cancelWords(run.kind)
  return (
    <Note tone="warn" title={question}>
      {explanation}
      <CancelForm
        runId={run.id}
        kind={run.kind}
        keep={<LinkButton href={`/sync/${run.id}`}>Keep it running</LinkButton>}
      />
    </Note>
  )
}
