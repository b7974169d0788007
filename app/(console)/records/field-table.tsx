import { ArrowLeft, ArrowLeftRight, ArrowRight, Check, type LucideIcon, Pin, TableProperties } from 'lucide-react'
import { isPinnable } from '#lib/store/pins'
import type { RecordView } from '#lib/store/views-record'
import type { FieldMapEntry } from '#lib/sync/field-map'
import type { SideNames } from '#lib/sync/messages'
import { problemView } from '#lib/sync/problem-words'
import type { FieldState, RecordField } from '#lib/sync/record-fields'
import { FacetLink } from '../../_ui/chip.tsx'
import { classNames } from '../../_ui/class-names.ts'
import { EmptyState } from '../../_ui/empty-state.tsx'
import { TextLink } from '../../_ui/link-button.tsx'
import { Status } from '../../_ui/status.tsx'
import { type Column, Table } from '../../_ui/table.tsx'
import { FieldValueText } from './field-value.tsx'
import { leftWords, ownerHelp, ownerWords, type Reading, shownField, stateWords } from './field-words.ts'
import { PinButton } from './pin-button.tsx'

export const FIELD_FACETS = ['all', 'different', 'pinned'] as const
export type FieldFacet = (typeof FIELD_FACETS)[number]

export interface FieldTableProps {
  record: RecordView
  entries: readonly FieldMapEntry[]
  names: SideNames
  facet: FieldFacet
  facetHref: (facet: FieldFacet) => string
  returnTo: string
  canPin: boolean
}

const FACET_WORDS: Readonly<Record<FieldFacet, string>> = {
  all: 'All fields',
  different: 'Different',
  pinned: 'Pinned',
}

/** Both systems side by side: each field with its two values, the last agreed one, its owner, and what comes of it next. */
export function FieldTable(props: FieldTableProps) {
  const { record, facet, facetHref } = props
  const isPaired = record.pair !== null
  const shown = FIELD_FACETS.map((one) => ({ one, count: record.fields.filter((field) => passes(field, one)).length }))
  return (
    <div className="flex flex-col gap-3">
      {isPaired ? (
        <ul aria-label="Fields" className="flex flex-wrap gap-1.5">
          {shown.map(({ one, count }) => (
            <li key={one}>
              <FacetLink label={FACET_WORDS[one]} href={facetHref(one)} current={one === facet} count={count} />
            </li>
          ))}
        </ul>
      ) : null}
      <Table
        label={isPaired ? 'Fields of this record, both systems side by side' : 'Fields of this record'}
        columns={columnsFor(props)}
        rows={record.fields.filter((field) => !isPaired || passes(field, facet))}
        rowKey={(field) => field.field}
        compact
        empty={<NoFields facet={facet} />}
      />
    </div>
  )
}

function passes(field: RecordField, facet: FieldFacet): boolean {
  if (facet === 'all') return true
  return facet === 'pinned' ? field.isPinned : field.differs
}

function columnsFor({ record, entries, names, canPin, returnTo }: FieldTableProps): Column<RecordField>[] {
  const reading: Reading = record
  const isPaired = record.pair !== null
  const values: Column<RecordField>[] = [
    {
      key: 'erp',
      header: names.erp,
      width: '20%',
      isEmpty: (field) => field.erp === undefined,
      cell: (field) => <ErpValue field={field} reading={reading} names={names} />,
    },
    {
      key: 'base',
      header: 'Last agreed',
      width: '17%',
      isEmpty: (field) => field.base === undefined,
      cell: (field) => (
        <span className={classNames('block', !field.differs && 'text-ink-muted')}>
          <FieldValueText field={field} form="crm" value={field.base} reading={reading} unread="–" />
        </span>
      ),
    },
    {
      key: 'crm',
      header: names.crm,
      width: '20%',
      isEmpty: (field) => field.crm === undefined,
      cell: (field) => (
        <FieldValueText field={field} form="crm" value={field.crm} reading={reading} strong={field.differs} />
      ),
    },
    {
      key: 'owner',
      header: 'Owner',
      width: '84px',
      cell: (field) => (
        <span className="text-ink-muted md:whitespace-nowrap" title={ownerHelp(field.owner, names)}>
          {ownerWords(field.owner, names)}
        </span>
      ),
    },
  ]
  const state: Column<RecordField> = {
    key: 'state',
    header: 'Next sync',
    width: '132px',
    isEmpty: (field) => field.state === null,
    cell: (field) => <FieldStateCell field={field} names={names} />,
  }
  const pin: Column<RecordField> = {
    key: 'pin',
    header: '',
    align: 'end',
    corner: true,
    width: '44px',
    cell: (field) => {
      const entry = entries.find((one) => one.crm === field.field)
      if (!record.erpKey || !entry || !isPinnable(entry)) return null
      const { label, isPinned } = field
      const own = { type: record.type, erpKey: record.erpKey, field: field.field, label, isPinned, returnTo }
      return <PinButton {...own} />
    },
  }
  return [
    {
      key: 'label',
      header: 'Field',
      width: '16%',
      primary: true,
      cell: (field) => (
        <span className="flex items-center gap-1.5 font-medium wrap-anywhere">
          {field.label}
          {field.isPinned ? <Pin aria-label="Pinned" size={13} className="shrink-0 text-ink-muted" /> : null}
        </span>
      ),
    },
    ...(isPaired ? values : oneSided(record, values, names)),
    ...(isPaired ? [state] : []),
    ...(isPaired && canPin ? [pin] : []),
  ]
}

/** Of a record without a pair: the side that has it, and how the ERP's values would stand in the CRM. */
function oneSided(
  record: RecordView,
  values: readonly Column<RecordField>[],
  names: SideNames,
): readonly Column<RecordField>[] {
  const wanted = record.erp === null ? ['crm', 'owner'] : ['erp', 'owner']
  const kept = values.filter((column) => wanted.includes(column.key))
  if (record.erp === null) return kept
  const form: Column<RecordField> = {
    key: 'form',
    header: `As ${names.crm} would hold it`,
    width: '36%',
    isEmpty: (field) => field.erpInCrmForm === undefined,
    cell: (field) => <FieldValueText field={field} form="crm" value={field.erpInCrmForm} reading={record} unread="–" />,
  }
  return kept.flatMap((column) => (column.key === 'erp' ? [{ ...column, width: '36%' }, form] : [column]))
}

/** What the ERP holds and, where the CRM would hold it otherwise, how. */
function ErpValue({ field, reading, names }: { field: RecordField; reading: Reading; names: SideNames }) {
  const own = shownField(field, 'erp', field.erp, reading)
  const sent = shownField(field, 'crm', field.erpInCrmForm, reading)
  // Where both sides agree, the other column shows it.
  const isOther = field.differs && own.is === 'value' && sent.is === 'value' && own.text !== sent.text
  return (
    <span className="flex min-w-0 flex-col">
      <FieldValueText
        field={field}
        form="erp"
        value={field.erp}
        reading={reading}
        strong={field.differs}
        unread={field.erpField === '' ? `Not in ${names.erp}` : undefined}
      />
      {isOther ? (
        <span className="text-xs text-ink-muted">
          in {names.crm}: <FieldValueText field={field} form="crm" value={field.erpInCrmForm} reading={reading} />
        </span>
      ) : null}
    </span>
  )
}

const STATE_ICON: Readonly<Partial<Record<FieldState, LucideIcon>>> = {
  same: Check,
  send: ArrowRight,
  take: ArrowLeft,
  both: ArrowLeftRight,
  pinned: Pin,
}

function FieldStateCell({ field, names }: { field: RecordField; names: SideNames }) {
  if (field.state === null) return null
  const { label, tone } = stateWords(field.state, names)
  const problem = problemView(field.warning?.code ?? null, names)
  return (
    <span className="flex min-w-0 flex-col gap-0.5 md:min-w-28">
      {field.state === 'conflict' ? (
        <TextLink href="#conflicts" className="w-fit no-underline hover:underline">
          <Status tone={tone}>{label}</Status>
        </TextLink>
      ) : (
        <Status tone={tone} icon={STATE_ICON[field.state]}>
          {label}
        </Status>
      )}
      {problem ? (
        <span className="text-xs text-warn text-pretty" title={problem.fix}>
          {problem.title} <span className="font-mono">{problem.code}</span>
        </span>
      ) : field.left === null ? null : (
        <span className="text-xs text-ink-muted text-pretty">{leftWords(field.left, names)}</span>
      )}
    </span>
  )
}

function NoFields({ facet }: { facet: FieldFacet }) {
  if (facet === 'pinned') {
    return (
      <EmptyState icon={TableProperties} title="No field of this record is pinned">
        A pin keeps every sync away from one field of one record. Pin a field at the end of its row.
      </EmptyState>
    )
  }
  if (facet === 'different') {
    return (
      <EmptyState icon={TableProperties} title="The two systems agree">
        Every field that both sides have holds the same, as they were last read.
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={TableProperties} title="The field map of this type is empty">
      Add fields under Settings, Field map.
    </EmptyState>
  )
}
