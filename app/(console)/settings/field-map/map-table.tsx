import { Check, Pencil } from 'lucide-react'
import type { ReactNode } from 'react'
import { Disclosure } from '#app/_ui/disclosure.tsx'
import { LinkButton, TextLink } from '#app/_ui/link-button.tsx'
import { Status } from '#app/_ui/status.tsx'
import { type Column, Table } from '#app/_ui/table.tsx'
import type { FieldMapEntry } from '#lib/sync/field-map'
import type { MapFinding } from '#lib/sync/map-check'
import { ownerWords, sourceWords, transformWords } from './map-words.ts'
import { MoveButtons } from './move-buttons.tsx'
import { Value } from './trial-panel.tsx'
import type { ShownValue, TrialView } from './trial-view.ts'

/** One entry as the table shows it. */
export interface MapRow {
  readonly entry: FieldMapEntry
  readonly isRequired: boolean
  readonly findings: readonly MapFinding[]
  readonly trial: TrialView | null
  readonly href: string
  /** Where it stands among the rows it can change places with; `null` while the rows are narrowed. */
  readonly place: { readonly isFirst: boolean; readonly isLast: boolean } | null
}

export interface MapTableProps {
  rows: readonly MapRow[]
  names: { readonly erp: string; readonly crm: string }
  canEdit: boolean
  empty: ReactNode
}

/** Every entry with what it does to one real record. */
export function MapTable({ rows, names, canEdit, empty }: MapTableProps) {
  const trial = (key: 'erp' | 'sent' | 'crm', header: string): Column<MapRow> => ({
    key: `trial-${key}`,
    header,
    width: '13%',
    cell: (row) => <TrialCell row={row} part={key} />,
    isEmpty: ({ trial: found }) => found === null,
  })
  const columns: Column<MapRow>[] = [
    {
      key: 'field',
      header: `Field in ${names.erp}`,
      width: '20%',
      primary: true,
      cell: (row) => <Source row={row} canEdit={canEdit} />,
    },
    { key: 'crm', header: `Field in ${names.crm}`, width: '17%', cell: (row) => <Target row={row} /> },
    { key: 'how', header: 'Owner and form', width: '17%', cell: (row) => <How row={row} names={names} /> },
    trial('erp', `${names.erp} holds`),
    trial('sent', 'Would be sent'),
    trial('crm', `${names.crm} holds`),
  ]
  if (canEdit)
    columns.push({ key: 'actions', header: '', width: '104px', align: 'end', cell: (row) => <Actions row={row} /> })
  return <Table label="Field map" columns={columns} rows={rows} rowKey={({ entry }) => entry.crm} empty={empty} />
}

function Source({ row: { entry, href, findings }, canEdit }: { row: MapRow; canEdit: boolean }) {
  return (
    <span id={`field-${entry.crm}`} className="flex min-w-0 flex-col gap-0.5 md:py-1.5">
      {canEdit ? (
        <TextLink href={href} className="w-fit max-w-full wrap-anywhere">
          {entry.label}
        </TextLink>
      ) : (
        <span className="font-medium wrap-anywhere">{entry.label}</span>
      )}
      <Origin entry={entry} />
      {findings.map(({ message, level }) => (
        <span key={message} className="pt-0.5 text-xs font-normal text-pretty">
          <Status tone={level === 'error' ? 'bad' : 'warn'}>{message}</Status>
        </span>
      ))}
    </span>
  )
}

/** What the value comes from: a field, a fixed value, or nothing. */
function Origin({ entry }: { entry: FieldMapEntry }) {
  const isName = entry.constant === undefined && entry.erp !== ''
  return (
    <span className={`text-xs font-normal text-ink-muted wrap-anywhere ${isName ? 'font-mono' : ''}`}>
      {isName ? <Breakable name={entry.erp} /> : sourceWords(entry)}
    </span>
  )
}

/** A field name that may break between its words, where a column is narrow. */
function Breakable({ name }: { name: string }) {
  const [first = '', ...rest] = name.split(/(?<=[a-z])(?=[A-Z])|(?<=\.)/)
  return (
    <>
      {first}
      {rest.length > 0 ? (
        <>
          <wbr />
          <Breakable name={rest.join('')} />
        </>
      ) : null}
    </>
  )
}

function Target({ row: { entry, isRequired } }: { row: MapRow }) {
  return (
    <span className="flex min-w-0 flex-col gap-0.5 md:py-1.5">
      <code className="font-mono text-xs wrap-anywhere">
        <Breakable name={entry.crm} />
      </code>
      {isRequired ? <span className="text-xs text-ink-muted">required</span> : null}
    </span>
  )
}

function How({ row: { entry }, names }: { row: MapRow; names: MapTableProps['names'] }) {
  const { label, help } = ownerWords(entry.owner, names)
  const values = 'values' in entry.transform ? Object.entries(entry.transform.values) : []
  const words = transformWords(entry)
  return (
    <div className="flex min-w-0 flex-col gap-0.5 md:py-1.5">
      <span title={help}>{label}</span>
      {values.length > 0 && entry.constant === undefined ? (
        <Disclosure summary={words}>
          <ul className="flex flex-col gap-0.5 text-xs wrap-anywhere">
            {values.map(([from, to]) => (
              <li key={from}>
                {from} <span aria-hidden>→</span>
                <span className="sr-only">becomes</span> {to}
              </li>
            ))}
          </ul>
        </Disclosure>
      ) : (
        <span className="text-xs text-ink-muted">{words}</span>
      )}
      {entry.onlyIfEmpty ? <span className="text-xs text-ink-muted">Only if it is empty</span> : null}
    </div>
  )
}

function TrialCell({ row: { trial }, part }: { row: MapRow; part: 'erp' | 'sent' | 'crm' }) {
  if (trial === null) return <span className="text-ink-faint">–</span>
  const value: ShownValue = trial[part]
  return (
    <span className="flex min-w-0 flex-col gap-0.5 md:py-1.5">
      <span className="line-clamp-3 wrap-anywhere" title={value.text || undefined}>
        <Value value={value} />
        {part === 'crm' && trial.isSame && value.kind === 'value' ? <Same /> : null}
      </span>
      {part === 'sent' && trial.note ? (
        <span className={`text-xs text-pretty ${trial.note.tone === 'warn' ? 'text-warn' : 'text-ink-muted'}`}>
          {trial.note.text}
        </span>
      ) : null}
    </span>
  )
}

/** What would be sent is there already. */
function Same() {
  return (
    <span className="ps-1 whitespace-nowrap text-ok" title="Holds already what would be sent">
      <Check aria-hidden size={13} className="inline align-[-2px]" />
      <span className="sr-only">, the same</span>
    </span>
  )
}

function Actions({ row: { entry, href, place } }: { row: MapRow }) {
  return (
    <span className="inline-flex items-center justify-end gap-0.5">
      {place ? <MoveButtons crm={entry.crm} label={entry.label} {...place} /> : null}
      <LinkButton
        href={href}
        variant="quiet"
        size="small-icon"
        aria-label={`Edit ${entry.label}`}
        title={`Edit ${entry.label}`}
        prefetch={false}
      >
        <Pencil aria-hidden size={14} strokeWidth={1.75} />
      </LinkButton>
    </span>
  )
}
