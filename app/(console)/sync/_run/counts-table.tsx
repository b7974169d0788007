import type { RunProgressView } from '#lib/store/views-runs'
import { addsUp, OUTCOMES, type OutcomeCounts } from '#lib/sync/outcome'
import { Status } from '../../../_ui/status.tsx'
import { type Column, Table } from '../../../_ui/table.tsx'
import { SHOWN_TYPES, TYPE_PLURAL } from '../../record-types.ts'
import { number, OUTCOME_WORDS, totalCounts } from './run-words.ts'

interface Row {
  key: string
  label: string
  counts: OutcomeCounts
}

/** The identity of sync-rules §7.8, per record type and in all: considered = sum of outcomes, and whether it holds. */
export function CountsTable({ counts }: { counts: RunProgressView['counts'] }) {
  const rows: Row[] = [
    ...SHOWN_TYPES.map((type) => ({ key: type, label: TYPE_PLURAL[type], counts: counts[type] })),
    { key: 'all', label: 'All records', counts: totalCounts(counts) },
  ]
  return <Table label="Outcomes per record type" columns={COLUMNS} rows={rows} rowKey={(row) => row.key} compact />
}

/** The same identity as one line: `1,720 considered = 12 created + 488 updated + …`; zeros are left out. */
export function IdentityLine({ counts }: { counts: OutcomeCounts }) {
  const parts = OUTCOMES.filter((outcome) => counts[outcome] > 0).map(
    (outcome) => `${number(counts[outcome])} ${OUTCOME_WORDS[outcome].label.toLowerCase()}`,
  )
  return (
    <p className="tabular text-sm text-ink-muted text-pretty">
      <span className="font-medium text-ink">{number(counts.considered)} considered</span>
      {' = '}
      {parts.length === 0 ? '0' : parts.join(' + ')}
    </p>
  )
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'type',
    header: 'Record type',
    primary: true,
    cell: (row) => <span className={row.key === 'all' ? 'font-semibold' : 'font-medium'}>{row.label}</span>,
  },
  {
    key: 'considered',
    header: 'Considered',
    align: 'end',
    cell: (row) => <Count count={row.counts.considered} strong />,
  },
  ...OUTCOMES.map(
    (outcome): Column<Row> => ({
      key: outcome,
      header: OUTCOME_WORDS[outcome].label,
      align: 'end',
      cell: (row) => <Count count={row.counts[outcome]} bad={outcome === 'failed'} />,
      isEmpty: (row) => row.counts[outcome] === 0,
    }),
  ),
  {
    key: 'check',
    header: 'Check',
    cell: (row) =>
      addsUp(row.counts) ? <Status tone="ok">Adds up</Status> : <Status tone="bad">Does not add up</Status>,
  },
]

function Count({ count, strong, bad }: { count: number; strong?: boolean; bad?: boolean }) {
  if (count === 0) return <span className="text-ink-faint">0</span>
  return <span className={bad ? 'font-medium text-bad' : strong ? 'font-medium' : undefined}>{number(count)}</span>
}
