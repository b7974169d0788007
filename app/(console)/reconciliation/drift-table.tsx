import type { ComparisonView, DriftCounts } from '#lib/store/views-drift'
import type { RecordType } from '#lib/sync/records'
import { TextLink } from '../../_ui/link-button.tsx'
import { Status } from '../../_ui/status.tsx'
import { type Column, Table } from '../../_ui/table.tsx'
import { address } from '../address.ts'
import { SHOWN_TYPES, TYPE_PLURAL } from '../record-types.ts'
import { number } from '../sync/_run/run-words.ts'
import { driftPercent, percentWords } from './drift-words.ts'

interface Row extends DriftCounts {
  type: RecordType
}

/** What the newest comparison found, type by type; numbers lead to the list of differences. */
export function DriftTable({ comparison, limit }: { comparison: ComparisonView; limit: number }) {
  const rows = SHOWN_TYPES.flatMap((type) => {
    const counts = comparison.byType[type]
    return counts && counts.compared + counts.missing > 0 ? [{ type, ...counts }] : []
  })
  const linked = (row: Row, count: number) =>
    count === 0 ? (
      <span className="text-ink-faint">0</span>
    ) : (
      <TextLink href={address(`/sync/preview/${comparison.runId}`, { type: row.type })}>{number(count)}</TextLink>
    )
  const columns: Column<Row>[] = [
    {
      key: 'type',
      header: 'Record type',
      primary: true,
      cell: ({ type }) => <span className="font-medium">{TYPE_PLURAL[type]}</span>,
    },
    { key: 'compared', header: 'Pairs compared', align: 'end', cell: ({ compared }) => number(compared) },
    { key: 'differing', header: 'Differing', align: 'end', cell: (row) => linked(row, row.differing) },
    { key: 'missing', header: 'Without partner', align: 'end', cell: (row) => linked(row, row.missing) },
    { key: 'drift', header: 'Drift', align: 'end', width: '22%', cell: (row) => <Drift counts={row} limit={limit} /> },
  ]
  return <Table label="Drift by record type" columns={columns} rows={rows} rowKey={(row) => row.type} />
}

function Drift({ counts, limit }: { counts: DriftCounts; limit: number }) {
  const percent = driftPercent(counts)
  if (percent !== null && percent > limit) return <Status tone="bad">{percentWords(percent)}, too much</Status>
  return <span className={percent ? 'font-medium' : 'text-ink-faint'}>{percentWords(percent)}</span>
}
