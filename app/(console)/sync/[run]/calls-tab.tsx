import type { BudgetView } from '#lib/store/views-budget'
import type { RunView } from '#lib/store/views-runs'
import { type Column, Table } from '../../../_ui/table.tsx'
import { ApiBudgetCard } from '../_run/api-budget.tsx'
import { number, runSeconds, totalCounts } from '../_run/run-words.ts'

interface Row {
  side: string
  calls: number
  perSecond: number | null
}

/** Requests this run made to each system, retries included. */
export function CallsTab({ run, budget }: { run: RunView; budget: BudgetView }) {
  const seconds = runSeconds(run)
  const row = (side: string, calls: number): Row => ({ side, calls, perSecond: seconds ? calls / seconds : null })
  const { considered } = totalCounts(run.counts)
  return (
    <div className="flex max-w-[640px] flex-col gap-3">
      <Table
        label="API calls of this run"
        columns={COLUMNS}
        rows={[
          row(run.erpName, run.apiCalls.erp),
          row(run.crmName, run.apiCalls.crm),
          row('Both', run.apiCalls.erp + run.apiCalls.crm),
        ]}
        rowKey={(each) => each.side}
      />
      <p className="text-sm text-ink-muted">
        Requests sent to each system, sign-ins and retries included
        {considered > 0 ? `, for ${number(considered)} records considered` : ''}. The average is taken over the whole
        run; the limits per second are under Settings, Connection.
      </p>
      <ApiBudgetCard budget={budget} names={{ erp: run.erpName, crm: run.crmName }} />
    </div>
  )
}

const COLUMNS: readonly Column<Row>[] = [
  { key: 'side', header: 'System', primary: true, cell: (row) => row.side },
  { key: 'calls', header: 'Calls', align: 'end', cell: (row) => number(row.calls) },
  {
    key: 'rate',
    header: 'Per second, on average',
    align: 'end',
    cell: (row) => (row.perSecond === null ? '–' : row.perSecond.toFixed(1)),
  },
]
