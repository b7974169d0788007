import Link from 'next/link'
import { Status } from '#app/_ui/status.tsx'
import { CLIP_CLASS, Clip, type Column, Table } from '#app/_ui/table.tsx'
import { Time } from '#app/_ui/time.tsx'
import type { ConnectionView } from '#lib/store/connections'
import type { MappingOrder } from '#lib/store/mapping-filter'
import type { MappingRow } from '#lib/store/views-mapping'
import { displayText } from '#lib/sync/display-text'
import { problemView } from '#lib/sync/problem-words'
import { address } from '../address.ts'
import { TYPE_PLURAL } from '../record-types.ts'
import { recordHref } from '../records/record-href.ts'
import type { SideNames } from '../sync/_run/run-words.ts'
import { MATCHED_BY_WORDS, personWords, STATUS_WORDS } from './mapping-words.ts'
import { Partner } from './partner.tsx'
import { RowActions } from './row-actions.tsx'

export interface MappingTableProps {
  rows: readonly MappingRow[]
  connection: ConnectionView
  order: MappingOrder
  sortHref: (column: string, direction: 'asc' | 'desc') => string
  /** This very page, to come back to after an action. */
  here: string
  canPair: boolean
  canRun: boolean
  empty: React.ReactNode
}

export function MappingTable(props: MappingTableProps) {
  const { rows, order, sortHref, empty } = props
  const type = rows[0]?.type ?? 'project'
  return (
    <Table
      label={`CRM mapping table, ${TYPE_PLURAL[type].toLowerCase()}`}
      columns={columnsFor(props)}
      rows={rows}
      rowKey={(row) => row.id ?? `${row.status} ${row.erpKey}`}
      sort={{ key: order.column, direction: order.direction }}
      sortHref={sortHref}
      empty={empty}
    />
  )
}

type Surroundings = Pick<MappingTableProps, 'connection' | 'here' | 'canPair' | 'canRun'>

function columnsFor(around: Surroundings): Column<MappingRow>[] {
  const { erpName, crmName } = around.connection
  return [
    {
      key: 'erpName',
      header: `${erpName} name`,
      sortKey: 'erpName',
      primary: true,
      clip: true,
      width: '50%',
      cell: (row) => <RecordLink row={row} />,
    },
    { key: 'erpKey', header: 'Key', sortKey: 'erpKey', width: '68px', cell: (row) => <Code>{row.erpKey}</Code> },
    {
      key: 'crmName',
      header: `${crmName} name`,
      sortKey: 'crmName',
      clip: true,
      width: '50%',
      cell: (row) => <Partner row={row} names={{ erp: erpName, crm: crmName }} />,
    },
    {
      key: 'crmId',
      header: `${crmName} id`,
      sortKey: 'crmId',
      clip: true,
      width: '116px',
      isEmpty: (row) => row.crmId === null,
      cell: (row) => (row.crmId === null ? null : <Code>{row.crmId}</Code>),
    },
    {
      key: 'status',
      header: 'Status',
      sortKey: 'status',
      width: '112px',
      cell: (row) => <StatusCell row={row} names={{ erp: erpName, crm: crmName }} />,
    },
    {
      key: 'matchedBy',
      header: 'Matched by',
      sortKey: 'matchedBy',
      clip: true,
      width: '104px',
      isEmpty: (row) => row.matchedBy === null,
      cell: (row) => (row.matchedBy === null ? null : <Clip>{MATCHED_BY_WORDS[row.matchedBy]}</Clip>),
    },
    {
      key: 'lastSyncedAt',
      header: 'Last synced',
      sortKey: 'lastSyncedAt',
      width: '108px',
      isEmpty: (row) => row.lastSyncedAt === null,
      cell: (row) =>
        row.lastSyncedAt === null ? <span className="text-ink-muted">Never</span> : <Time at={row.lastSyncedAt} />,
    },
    {
      key: 'by',
      header: 'By',
      sortKey: 'by',
      clip: true,
      width: '64px',
      cell: (row) => <Clip className="text-ink-muted">{personWords(displayText(row.by))}</Clip>,
    },
    {
      key: 'actions',
      header: '',
      align: 'end',
      corner: true,
      width: '44px',
      cell: (row) => <Actions row={row} {...around} />,
    },
  ]
}

function Actions({ row, connection, here, canPair, canRun }: Surroundings & { row: MappingRow }) {
  const isPair = row.status === 'active' || row.status === 'conflict'
  const partner = `${displayText(row.crmName ?? '', 80)} (${displayText(row.crmId ?? '')})`
  return (
    <RowActions
      type={row.type}
      erpKey={row.erpKey}
      erpName={displayText(row.erpName, 80)}
      pairedWith={isPair ? `${partner} in ${connection.crmName}` : null}
      removed={
        row.status === 'removed' && row.id !== null
          ? { mappingId: row.id, lost: partner, waits: row.afterRemoval === 'waits' }
          : null
      }
      crmName={connection.crmName}
      historyHref={address('/log', { type: row.type, key: row.erpKey })}
      pairHref={address('/mapping/pair', { type: row.type, key: row.erpKey })}
      recordHref={recordHref(row.type, row.erpKey)}
      returnTo={here}
      canPair={canPair}
      canRun={canRun}
    />
  )
}

function RecordLink({ row }: { row: MappingRow }) {
  const name = displayText(row.erpName, 400)
  return (
    <Link
      href={recordHref(row.type, row.erpKey)}
      prefetch={false}
      title={name}
      className={`${CLIP_CLASS} rounded-[3px] font-medium hover:underline`}
    >
      {name === '' ? <em className="font-normal text-ink-muted">No name</em> : name}
    </Link>
  )
}

function StatusCell({ row, names }: { row: MappingRow; names: SideNames }) {
  const { label, tone } = STATUS_WORDS[row.status]
  const problem = row.lastProblem === null ? null : problemTitle(row.lastProblem, names)
  if (row.status === 'conflict') {
    return (
      <Link
        href={`${recordHref(row.type, row.erpKey)}#conflicts`}
        prefetch={false}
        title="Changed on both sides. Settle it on the page of the record."
        className="rounded-[3px] hover:underline"
      >
        <Status tone={tone}>{label}</Status>
      </Link>
    )
  }
  if (row.status === 'active' && problem !== null) {
    return (
      <Link
        href={address('/log', { type: row.type, key: row.erpKey, severity: ['warning', 'error'] })}
        prefetch={false}
        title={`Paired, but it failed ${timesWords(row.attempts)}: ${problem}`}
        className="rounded-[3px] hover:underline"
      >
        <Status tone="bad">{row.attempts > 1 ? `Failing ×${row.attempts}` : 'Failing'}</Status>
        <span className="sr-only">
          , it failed {timesWords(row.attempts)}: {problem}. Open its errors in the log
        </span>
      </Link>
    )
  }
  return (
    <span title={row.removedCause ?? undefined}>
      <Status tone={tone}>{label}</Status>
    </span>
  )
}

/** It is tried again in every run (sync-rules §6.5), so a number that grows says that somebody has to look. */
function timesWords(attempts: number): string {
  return attempts > 1 ? `the last ${attempts} times` : 'last time'
}

/** The catalogue's title of a code; what is no code says itself. */
function problemTitle(lastProblem: string, names: SideNames): string {
  const problem = problemView(lastProblem, names)
  return problem ? `${problem.title} (${problem.code})` : displayText(lastProblem, 300)
}

function Code({ children }: { children: string }) {
  return <Clip className="font-mono text-xs">{displayText(children)}</Clip>
}
