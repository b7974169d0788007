import Link from 'next/link'
import { CLIP_CLASS, Clip, type Column, Table } from '#app/_ui/table.tsx'
import { Time } from '#app/_ui/time.tsx'
import { type LogLineView, logPlace } from '#lib/store/views-log'
import { displayText } from '#lib/sync/display-text'
import { Severity } from './severity.tsx'

export interface LogTableProps {
  lines: readonly LogLineView[]
  /** Link that opens a line, by its place. */
  entryHref: (place: string) => string
  openId: string | null
  /** Beside an open line there is room for less. */
  narrow: boolean
  empty: React.ReactNode
}

export function LogTable({ lines, entryHref, openId, narrow, empty }: LogTableProps) {
  const columns: Column<LogLineView>[] = [
    { key: 'at', header: 'Time', width: '136px', cell: (line) => <Time at={line.at} show="exact" /> },
    {
      key: 'severity',
      header: 'Severity',
      width: '92px',
      cell: (line) => <Severity severity={line.severity} />,
    },
    ...(narrow ? [] : recordColumns),
    {
      key: 'message',
      header: 'Message',
      width: narrow ? '100%' : '50%',
      clip: true,
      cell: (line) => (
        <Link
          href={entryHref(logPlace(line))}
          scroll={false}
          prefetch={false}
          title={displayText(line.message, 1_000)}
          aria-current={line.id === openId ? 'true' : undefined}
          className={`${CLIP_CLASS} rounded-[3px] hover:underline`}
        >
          {displayText(line.message, 600)}
        </Link>
      ),
    },
  ]
  return (
    <Table
      label="Integration log, newest first"
      columns={columns}
      rows={lines}
      rowKey={(line) => line.id}
      isSelected={(line) => line.id === openId}
      empty={empty}
      compact
    />
  )
}

const recordColumns: Column<LogLineView>[] = [
  {
    key: 'method',
    header: 'Method',
    cell: (line) => <span className="text-ink-muted md:whitespace-nowrap">{displayText(line.method)}</span>,
  },
  {
    key: 'record',
    header: 'Record',
    width: '25%',
    clip: true,
    isEmpty: (line) => line.erpName === null && line.erpKey === null,
    cell: (line) => {
      const name = displayText(line.erpName ?? line.erpKey ?? '', 300)
      return name === '' ? null : <Clip>{name}</Clip>
    },
  },
]
