import type { Metadata } from 'next'
import { may } from '#lib/access/roles'
import { requireUser } from '#lib/access/session'
import { type ConnectionView, currentConnection } from '#lib/store/connections'
import { findBacklog, findOpenRunView, lastRuns, type RunView } from '#lib/store/views-runs'
import { countForSyncForm } from '#lib/store/views-sync-counts'
import type { RunOptions } from '#lib/sync/eligibility'
import { PageHead } from '../../_ui/page-head.tsx'
import { NextSync } from '../next-sync.tsx'
import { NoConnection } from '../no-connection.tsx'
import { BacklogNote } from './_run/backlog-note.tsx'
import { LastRunCard } from './_run/last-run-card.tsx'
import { LiveRun } from './_run/live-run.tsx'
import { STATE_WORDS } from './_run/run-words.ts'
import { RunsTable } from './_run/runs-table.tsx'
import { SyncDesk } from './sync-desk.tsx'

export const metadata: Metadata = { title: 'Synchronize' }

export default async function SyncPage() {
  const user = await requireUser('read')
  const connection = await currentConnection()
  if (!connection) {
    const maySetUp = may(user.role, 'settings')
    return <NoConnection heading="Synchronize" title="Synchronize two systems from here" maySetUp={maySetUp} />
  }
  return <Synchronize connection={connection} mayRun={may(user.role, 'run')} />
}

async function Synchronize({ connection, mayRun }: { connection: ConnectionView; mayRun: boolean }) {
  const [open, runs, backlog, counts] = await Promise.all([
    findOpenRunView(connection.id),
    lastRuns(connection.id),
    findBacklog(connection.id),
    countForSyncForm(connection.id),
  ])
  const names = { erp: connection.erpName, crm: connection.crmName }
  const { batchSize, noMatchPolicy } = connection.settings
  const finished = runs.find((run) => run.id !== open?.id)
  const untouched: RunOptions = {
    mapUnsynced: false,
    whenNoMatch: noMatchPolicy,
    includeClosed: false,
    allBatches: false,
    preview: false,
  }
  return (
    <>
      <PageHead
        title="Synchronize"
        context={`Brings projects, clients, contacts and employees of ${names.erp} into ${names.crm}.`}
      />
      <NextSync connectionId={connection.id} />
      <div className="flex flex-col gap-6">
        {open === null && backlog ? <BacklogNote backlog={backlog} names={names} /> : null}
        <SyncDesk
          ended={open || !finished ? '' : endedSentence(finished)}
          current={open ? <CurrentRun run={open} mayCancel={mayRun} /> : null}
          beside={finished ? <LastRunCard run={finished} untold={finished.id !== backlog?.runId} /> : null}
          form={{
            names,
            counts,
            batchSize,
            mayRun,
            initial: backlog ? { ...backlog.options, allBatches: false } : untouched,
            backlogProjects: backlog?.projects ?? null,
          }}
        />
        <RunsTable runs={runs} />
      </div>
    </>
  )
}

function CurrentRun({ run, mayCancel }: { run: RunView; mayCancel: boolean }) {
  const names = { erp: run.erpName, crm: run.crmName }
  return (
    <LiveRun
      key={run.id}
      initial={run}
      names={names}
      allBatches={run.options.allBatches}
      mayCancel={mayCancel}
      linked
    />
  )
}

function endedSentence(run: RunView): string {
  return `The last sync has ended: ${STATE_WORDS[run.state].label}. ${run.message ?? ''}`
}
