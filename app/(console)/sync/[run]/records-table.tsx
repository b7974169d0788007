import type { ReactNode } from 'react'
import type { RunItemView } from '#lib/store/views-run-items'
import type { RunView } from '#lib/store/views-runs'
import { displayText } from '#lib/sync/display-text'
import type { FieldMap } from '#lib/sync/field-map'
import { Badge } from '../../../_ui/badge.tsx'
import { TextLink } from '../../../_ui/link-button.tsx'
import { type Column, Table } from '../../../_ui/table.tsx'
import { address } from '../../address.ts'
import { TYPE_SINGULAR } from '../../record-types.ts'
import { pageOfRecord } from '../../records/record-href.ts'
import { FieldChanges } from '../_run/field-changes.tsx'
import { isReadOnly } from '../_run/run-words.ts'
import { RetryButton } from '../retry-button.tsx'
import { itemOutcomeWords, undoneWords } from './item-words.ts'

/** One row per record, with what was written field by field, or what went wrong and so was not written. */
export function RecordsTable({
  run,
  fieldMap,
  items,
  canRetry,
  empty,
}: {
  run: RunView
  fieldMap: FieldMap
  items: readonly RunItemView[]
  /** Failed records get a button that sends them once more. */
  canRetry: boolean
  empty: ReactNode
}) {
  const columns: readonly Column<RunItemView>[] = [
    {
      key: 'name',
      header: 'Record',
      width: '30%',
      primary: true,
      clip: true,
      cell: (item) => (
        <span className="flex min-w-0 flex-col py-1">
          <TextLink href={pageOfRecord(item) ?? '/mapping'} className="w-fit max-w-full text-pretty wrap-anywhere">
            {displayText(item.erpName) || '(without a name)'}
          </TextLink>
          <span className="clip-line text-xs text-ink-muted" title={item.crmId ?? undefined}>
            {TYPE_SINGULAR[item.type]} <span className="font-mono">{item.erpKey}</span>
            {item.crmId ? (
              <>
                {' '}
                → <span className="font-mono">{item.crmId}</span>
              </>
            ) : null}
            {item.erpKey === '' ? null : (
              <>
                {' · '}
                <TextLink
                  href={address('/log', { run: run.id, key: item.erpKey, type: item.type })}
                  prefetch={false}
                  aria-label={`Log lines of ${displayText(item.erpName, 80)} in this run`}
                >
                  log lines
                </TextLink>
              </>
            )}
          </span>
        </span>
      ),
    },
    {
      key: 'outcome',
      header: 'Outcome',
      width: '130px',
      cell: (item) => {
        const { label, tone } = run.kind === 'undo' ? undoneWords(item) : itemOutcomeWords(item.outcome)
        return <Badge tone={tone}>{label}</Badge>
      },
    },
    {
      key: 'changes',
      header: isReadOnly(run.kind) ? 'What would happen' : 'What happened',
      cell: (item) => (
        <WhatHappened
          run={run}
          fieldMap={fieldMap}
          item={item}
          retry={canRetry ? <RetryOne run={run} item={item} /> : null}
        />
      ),
      isEmpty: (item) =>
        item.changes.length === 0 && item.message === null && item.outcome !== 'waiting' && item.outcome !== 'mapped',
    },
    {
      key: 'batch',
      header: 'Batch',
      width: '72px',
      align: 'end',
      cell: (item) => (item.type === 'project' && item.action === 'update' ? item.batch : '–'),
      isEmpty: (item) => item.type !== 'project' || item.action !== 'update',
    },
  ]
  const shown = run.kind === 'undo' ? columns.filter((column) => column.key !== 'batch') : columns
  return <Table label="Records of this run" columns={shown} rows={items} rowKey={(item) => item.id} empty={empty} />
}

function RetryOne({ run, item }: { run: RunView; item: RunItemView }) {
  const isErp = item.erpKey !== ''
  const key = isErp ? item.erpKey : item.crmId
  // Without an outcome at the end of a run: a create whose answer never came.
  if (key === null || (item.outcome !== 'failed' && item.outcome !== 'waiting')) return null
  return (
    <RetryButton
      runId={run.id}
      record={{ type: item.type, side: isErp ? 'erp' : 'crm', key }}
      variant="quiet"
      label={`Retry ${displayText(item.erpName, 80) || key}`}
    >
      Retry
    </RetryButton>
  )
}

interface WhatHappenedProps {
  run: RunView
  fieldMap: FieldMap
  item: RunItemView
  retry: ReactNode
}

function WhatHappened({ run, fieldMap, item, retry }: WhatHappenedProps) {
  const shown = { fieldMap, type: item.type, names: { erp: run.erpName, crm: run.crmName } }
  const written = item.outcome === 'failed' ? [] : item.changes.filter((change) => change.kept === undefined)
  const kept = item.changes.filter((change) => change.kept !== undefined)
  return (
    <div className="flex min-w-0 flex-col gap-1 py-1">
      {item.message ? (
        <p className="text-pretty wrap-anywhere">
          {item.message}
          {item.problemCode ? (
            <span className="ps-1.5 font-mono text-xs text-ink-muted">{item.problemCode}</span>
          ) : null}
        </p>
      ) : null}
      {item.outcome === 'mapped' && !item.message && item.changes.length === 0 ? (
        <p className="text-ink-muted">Paired, nothing to send</p>
      ) : null}
      <FieldChanges {...shown} changes={kept} open />
      <FieldChanges {...shown} changes={written} />
      {retry}
    </div>
  )
}
