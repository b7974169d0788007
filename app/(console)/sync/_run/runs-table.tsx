import { History } from 'lucide-react'
import type { RunView } from '#lib/store/views-runs'
import { EmptyState } from '../../../_ui/empty-state.tsx'
import { TextLink } from '../../../_ui/link-button.tsx'
import { Clip, type Column, Table } from '../../../_ui/table.tsx'
import { Time } from '../../../_ui/time.tsx'
import { RunBadge } from './run-badge.tsx'
import { nowLabel } from './run-panel.tsx'
import {
  durationWords,
  isOpen,
  isReadOnly,
  number,
  runOptionLabels,
  runSeconds,
  runTitle,
  totalCounts,
} from './run-words.ts'

/** The last runs of the connection, newest first. */
export function RunsTable({ runs }: { runs: readonly RunView[] }) {
  return (
    <section aria-labelledby="runs-title" className="flex flex-col gap-2.5">
      <h2 id="runs-title" className="text-base">
        Last ten runs
      </h2>
      <Table
        label="Last ten runs"
        columns={COLUMNS}
        rows={runs}
        rowKey={(run) => run.id}
        empty={
          <EmptyState icon={History} title="Every sync will be listed here">
            Nothing has been synchronized yet. Choose the options above and press Synchronize.
          </EmptyState>
        }
      />
    </section>
  )
}

const COLUMNS: readonly Column<RunView>[] = [
  {
    key: 'run',
    header: 'Run',
    primary: true,
    cell: (run) => <RunLink run={run} />,
  },
  { key: 'status', header: 'Status', cell: (run) => <RunBadge run={run} /> },
  { key: 'started', header: 'Started', cell: (run) => <Time at={run.startedAt ?? run.createdAt} /> },
  { key: 'by', header: 'By', width: '13%', clip: true, cell: (run) => <Clip>{run.startedBy}</Clip> },
  { key: 'options', header: 'Options', width: '16%', clip: true, cell: (run) => <Clip>{optionsOf(run)}</Clip> },
  {
    key: 'written',
    header: 'Written',
    align: 'end',
    cell: (run) => (isReadOnly(run.kind) ? '–' : number(written(run))),
    isEmpty: (run) => isReadOnly(run.kind),
  },
  { key: 'failed', header: 'Failed', align: 'end', cell: (run) => <Failed count={totalCounts(run.counts).failed} /> },
  {
    key: 'took',
    header: 'Took',
    align: 'end',
    cell: (run) => duration(run),
    isEmpty: (run) => runSeconds(run) === null,
  },
  {
    key: 'message',
    header: 'Message',
    width: '24%',
    clip: true,
    cell: (run) => <Clip className="text-ink-muted">{messageOf(run)}</Clip>,
    isEmpty: (run) => messageOf(run) === '',
  },
]

function RunLink({ run }: { run: RunView }) {
  return (
    <TextLink href={`/sync/${run.id}`} className="whitespace-nowrap">
      {runTitle(run)}
    </TextLink>
  )
}

/** How it ended, or what it is at: a run that waits says for what. */
function messageOf(run: RunView): string {
  return isOpen(run.state) ? nowLabel(run) : (run.message ?? '')
}

function written(run: RunView): number {
  // A preview and a comparison count what they would write.
  if (run.options.preview) return 0
  const totals = totalCounts(run.counts)
  return totals.created + totals.updated
}

function optionsOf(run: RunView): string {
  return runOptionLabels(run, { erp: run.erpName, crm: run.crmName }).join(', ') || 'None'
}

function duration(run: RunView): string {
  const seconds = runSeconds(run)
  return seconds === null ? '–' : durationWords(seconds)
}

function Failed({ count }: { count: number }) {
  return count === 0 ? (
    <span className="text-ink-faint">0</span>
  ) : (
    <span className="font-medium text-bad">{number(count)}</span>
  )
}
