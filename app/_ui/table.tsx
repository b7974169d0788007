import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export type SortDirection = 'asc' | 'desc'

export interface Column<Row> {
  key: string
  /** Header text; also the label of the value when a row becomes a card. Empty for a column of actions. */
  header: string
  cell: (row: Row) => ReactNode
  /** Numbers stand at the end. */
  align?: 'end'
  /** Name in the sort; a column without one cannot be sorted by. */
  sortKey?: string
  /** CSS width, e.g. `28%` or `120px`. */
  width?: string
  /** Cut to one line inside the column's share of the width. Give the content `clip-line`, or use `Clip`. */
  clip?: boolean
  /** One small control: at the top right of the card on a narrow screen, in place of a line of its own. */
  corner?: boolean
  /** The record's name and link: the head of the card on a narrow screen. */
  primary?: boolean
  /** Nothing to say for this row: left out of the card. */
  isEmpty?: (row: Row) => boolean
}

export interface TableProps<Row> {
  /** What the table lists, for those who do not see it. */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  sort?: { key: string; direction: SortDirection }
  sortHref?: (key: string, direction: SortDirection) => string
  /** 32 px rows instead of 40. */
  compact?: boolean
  /** In place of rows when there are none. */
  empty?: ReactNode
  isSelected?: (row: Row) => boolean
}

/**
 * The app's one table: sticky header, sort links with `aria-sort`, and cards of label and value on a narrow screen.
 * The roles are written out because a table laid out as blocks loses its own.
 */
export function Table<Row>({
  label,
  columns,
  rows,
  rowKey,
  sort,
  sortHref,
  compact,
  empty,
  isSelected,
}: TableProps<Row>) {
  if (rows.length === 0 && empty) return <TableFrame>{empty}</TableFrame>
  return (
    <TableFrame>
      {/* biome-ignore-start lint/a11y/noRedundantRoles: display: block takes the native roles away */}
      <table role="table" aria-label={label} data-density={compact ? 'compact' : undefined} className="data-table">
        <colgroup>
          {columns.map((column) => (
            <col key={column.key} style={column.width ? { width: column.width } : undefined} />
          ))}
        </colgroup>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} sort={sort} sortHref={sortHref} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr role="row" key={rowKey(row)} aria-selected={isSelected ? isSelected(row) : undefined}>
              {columns.map((column) => (
                <td
                  role="cell"
                  key={column.key}
                  data-label={column.header}
                  data-align={column.align}
                  data-clip={column.clip || undefined}
                  data-corner={column.corner || undefined}
                  data-primary={column.primary || undefined}
                  data-empty={column.isEmpty?.(row) || undefined}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {/* biome-ignore-end lint/a11y/noRedundantRoles: as above */}
    </TableFrame>
  )
}

function HeaderCell<Row>({
  column,
  sort,
  sortHref,
}: {
  column: Column<Row>
  sort: TableProps<Row>['sort']
  sortHref: TableProps<Row>['sortHref']
}) {
  if (!column.header) {
    return (
      <th scope="col" data-align={column.align}>
        <span className="sr-only">Actions</span>
      </th>
    )
  }
  if (!column.sortKey || !sortHref) {
    return (
      <th scope="col" data-align={column.align}>
        {column.header}
      </th>
    )
  }
  const direction = sort?.key === column.sortKey ? sort.direction : null
  const Icon = direction === 'asc' ? ArrowUp : direction === 'desc' ? ArrowDown : ChevronsUpDown
  return (
    <th
      scope="col"
      data-align={column.align}
      aria-sort={direction === 'asc' ? 'ascending' : direction === 'desc' ? 'descending' : 'none'}
    >
      <Link
        href={sortHref(column.sortKey, direction === 'asc' ? 'desc' : 'asc')}
        scroll={false}
        className={classNames('table-sort', direction && 'text-ink')}
      >
        {column.header}
        <Icon aria-hidden size={12} className={direction ? '' : 'text-ink-faint'} />
      </Link>
    </th>
  )
}

/** The card a table, its empty state or its skeleton sits in. */
export function TableFrame({ children }: { children: ReactNode }) {
  return <div className="rounded-card border border-line bg-surface">{children}</div>
}

/** One line in a row; in a card, where there is room, up to four. */
export const CLIP_CLASS = 'clip-line block max-md:line-clamp-4 max-md:whitespace-normal max-md:wrap-anywhere'

/** Text cut to one line with the whole of it on hover. */
export function Clip({ children, className }: { children: string; className?: string }) {
  return (
    <span title={children} className={classNames(CLIP_CLASS, className)}>
      {children}
    </span>
  )
}
