import { ListChecks } from 'lucide-react'
import type { PlanItemView } from '#lib/store/views-plan'
import { displayText } from '#lib/sync/display-text'
import type { FieldMap } from '#lib/sync/field-map'
import { isNewRecordKey } from '#lib/sync/plan-items'
import { Badge } from '../../../../_ui/badge.tsx'
import { EmptyState } from '../../../../_ui/empty-state.tsx'
import { LinkButton, TextLink } from '../../../../_ui/link-button.tsx'
import { type Column, Table } from '../../../../_ui/table.tsx'
import { TYPE_SINGULAR } from '../../../record-types.ts'
import { pageOfRecord } from '../../../records/record-href.ts'
import { FieldChanges } from '../../_run/field-changes.tsx'
import type { SideNames } from '../../_run/run-words.ts'
import { kindWords } from './kind-words.ts'
import { TickBox } from './tick-box.tsx'

interface PlanTableProps {
  planId: string
  fieldMap: FieldMap
  names: SideNames
  items: readonly PlanItemView[]
  /** The plan is open and the person may change it. */
  mayTick: boolean
  /** Whether a filter is set: decides what an empty table says. */
  isFiltered: boolean
}

/** One row per record: ticked or not, what would be done, field by field. */
export function PlanTable({ planId, fieldMap, names, items, mayTick, isFiltered }: PlanTableProps) {
  const columns: readonly Column<PlanItemView>[] = [
    {
      key: 'tick',
      header: 'Ticked',
      corner: true,
      width: '76px',
      cell: (item) => (
        <TickBox
          planId={planId}
          itemId={item.id}
          name={`${TYPE_SINGULAR[item.type]} ${displayText(item.erpName)}`}
          ticked={item.included}
          disabled={!mayTick || item.kind === 'problem'}
        />
      ),
    },
    {
      key: 'name',
      header: 'Record',
      width: '28%',
      primary: true,
      clip: true,
      cell: (item) => <RecordName item={item} />,
    },
    {
      key: 'kind',
      header: 'What',
      width: '190px',
      cell: (item) => {
        const { label, tone } = kindWords(item.kind, names)
        return <Badge tone={tone}>{label}</Badge>
      },
    },
    {
      key: 'changes',
      header: 'Field by field',
      cell: (item) => <WhatChanges item={item} fieldMap={fieldMap} names={names} />,
    },
  ]
  return (
    <Table
      label="Records of this plan"
      columns={columns}
      rows={items}
      rowKey={(item) => item.id}
      empty={<NoItems planId={planId} isFiltered={isFiltered} />}
    />
  )
}

function RecordName({ item }: { item: PlanItemView }) {
  const shownId = item.crmId === null || isNewRecordKey(item.crmId) ? null : item.crmId
  const name = displayText(item.erpName) || '(without a name)'
  const href = pageOfRecord({ ...item, crmId: shownId })
  return (
    <span className="flex min-w-0 flex-col py-1">
      {href === null ? (
        <span className="font-medium text-pretty wrap-anywhere">{name}</span>
      ) : (
        <TextLink href={href} prefetch={false} className="w-fit max-w-full text-pretty wrap-anywhere">
          {name}
        </TextLink>
      )}
      <span className="clip-line text-xs text-ink-muted" title={shownId ?? undefined}>
        {TYPE_SINGULAR[item.type]} <span className="font-mono">{item.erpKey}</span>
        {shownId === null ? null : (
          <>
            {item.erpKey === '' ? '' : ' → '}
            <span className="font-mono">{shownId}</span>
          </>
        )}
      </span>
    </span>
  )
}

function WhatChanges({ item, fieldMap, names }: { item: PlanItemView; fieldMap: FieldMap; names: SideNames }) {
  return (
    <div className="flex min-w-0 flex-col gap-1 py-1">
      {item.pairing && item.kind !== 'remove-pair' ? (
        <p className="text-pretty wrap-anywhere">
          <span className="text-ink-muted">Pairs with </span>
          {displayText(item.pairing.crmName)}
          {item.pairing.turnSyncOn ? <span className="text-ink-muted"> and turns Sync to CRM on</span> : null}
        </p>
      ) : null}
      {item.message ? (
        <p className="text-pretty wrap-anywhere">
          {item.message}
          {item.problemCode ? (
            <span className="ps-1.5 font-mono text-xs text-ink-muted">{item.problemCode}</span>
          ) : null}
        </p>
      ) : null}
      <FieldChanges {...{ fieldMap, names }} type={item.type} changes={item.changes} />
      {item.kind === 'remove-pair' ? (
        <p className="text-pretty wrap-anywhere">
          {names.crm} no longer has {displayText(item.pairing?.crmName ?? '')}, so the pair is removed.
        </p>
      ) : null}
    </div>
  )
}

function NoItems({ planId, isFiltered }: { planId: string; isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState
        icon={ListChecks}
        title="No record of this plan passes the filter"
        action={<LinkButton href={`/sync/preview/${planId}`}>Take the filter away</LinkButton>}
      />
    )
  }
  return (
    <EmptyState
      icon={ListChecks}
      title="Nothing would change"
      action={<LinkButton href="/sync">Back to Synchronize</LinkButton>}
    >
      Both systems agree on every record that takes part with these options.
    </EmptyState>
  )
}
