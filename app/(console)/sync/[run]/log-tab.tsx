import { ScrollText } from 'lucide-react'
import { NO_LOG_FILTER } from '#lib/store/log-filter'
import { type LogLineView, listLogPage } from '#lib/store/views-log'
import type { RunView } from '#lib/store/views-runs'
import { EmptyState } from '../../../_ui/empty-state.tsx'
import { LinkButton } from '../../../_ui/link-button.tsx'
import { type Column, Table } from '../../../_ui/table.tsx'
import { Time } from '../../../_ui/time.tsx'
import { address } from '../../address.ts'
import { Severity } from '../../log/severity.tsx'

const LINES = 50

/** The newest lines of this run; the Integration Log has all of them, with filters and export. */
export async function LogTab({ run }: { run: RunView }) {
  const page = await listLogPage(run.connectionId, { ...NO_LOG_FILTER, runId: run.id }, { size: LINES })
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-ink-muted">
          {page.next ? `The newest ${LINES} lines of this run, newest first.` : 'All lines of this run, newest first.'}
        </p>
        <LinkButton href={address('/log', { run: run.id })} size="small">
          Open in the Integration Log
        </LinkButton>
      </div>
      <Table
        label="Log of this run"
        columns={COLUMNS}
        rows={page.rows}
        rowKey={(line) => line.id}
        empty={
          <EmptyState icon={ScrollText} title="Every line of this run will be listed here">
            Nothing has been logged yet: the first line is written when a worker takes the run.
          </EmptyState>
        }
      />
    </div>
  )
}

const COLUMNS: readonly Column<LogLineView>[] = [
  {
    key: 'message',
    header: 'Message',
    primary: true,
    cell: (line) => (
      <span className="text-pretty wrap-anywhere">
        {line.message}
        {line.code ? <span className="ps-1.5 font-mono text-xs font-normal text-ink-muted">{line.code}</span> : null}
      </span>
    ),
  },
  {
    key: 'severity',
    header: 'Severity',
    width: '110px',
    cell: (line) => <Severity severity={line.severity} />,
  },
  { key: 'method', header: 'Method', width: '216px', cell: (line) => line.method },
  { key: 'at', header: 'Time', width: '170px', cell: (line) => <Time at={line.at} show="exact" /> },
]
