import { History, Link2 } from 'lucide-react'
import type { RecordView } from '#lib/store/views-record'
import { pairStatus } from '#lib/store/views-record'
import { displayText } from '#lib/sync/display-text'
import type { SideNames } from '#lib/sync/messages'
import { Badge } from '../../_ui/badge.tsx'
import { CopyText } from '../../_ui/copy-text.tsx'
import { LinkButton } from '../../_ui/link-button.tsx'
import { PageHead } from '../../_ui/page-head.tsx'
import { address } from '../address.ts'
import { STATUS_WORDS } from '../mapping/mapping-words.ts'
import { TYPE_PLURAL, TYPE_SINGULAR } from '../record-types.ts'
import { SyncOneButton } from '../sync/retry-button.tsx'
import { UnpairButton } from './unpair-button.tsx'

export interface RecordHeadProps {
  record: RecordView
  names: SideNames
  canPair: boolean
  canRun: boolean
  /** This page, to come back to. */
  here: string
}

/** Who the record is on both sides, how it stands, and what can be done with it. */
export function RecordHead({ record, names, canPair, canRun, here }: RecordHeadProps) {
  const { type, erpKey, crmId } = record
  return (
    <>
      <PageHead
        trail={[
          { label: 'Mapping', href: '/mapping' },
          { label: TYPE_PLURAL[type], href: address('/mapping', { type }) },
        ]}
        title={<span className="wrap-anywhere">{displayText(record.name, 300) || 'No name'}</span>}
        context={
          <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <span>{TYPE_SINGULAR[type]}</span>
            {erpKey === null ? null : (
              <span className="inline-flex min-w-0 max-w-full items-center gap-1.5 [&>span]:min-w-0">
                {names.erp} <CopyText text={displayText(erpKey)} label={`${names.erp} key`} />
              </span>
            )}
            {crmId === null ? null : (
              <span className="inline-flex min-w-0 max-w-full items-center gap-1.5 [&>span]:min-w-0">
                {names.crm} <CopyText text={displayText(crmId)} label={`${names.crm} id`} />
              </span>
            )}
          </span>
        }
        actions={<Actions {...{ record, names, canPair, canRun, here }} />}
      />
      <div className="flex flex-wrap items-center gap-2 pb-4">
        <StatusBadge record={record} names={names} />
        {type === 'project' && record.erp !== null ? (
          <Badge tone={record.syncOn ? 'ok' : 'idle'} title={switchHelp(record, names)}>
            Sync to CRM {record.syncOn ? 'on' : 'off'}
          </Badge>
        ) : null}
        {record.erp?.closed ? <Badge tone="idle">Closed</Badge> : null}
        {record.erp?.createInCrm ? <Badge tone="info">Create in CRM</Badge> : null}
      </div>
    </>
  )
}

function Actions({ record, names, canPair, canRun, here }: RecordHeadProps) {
  const { type, erpKey, crmId, pair } = record
  const syncOne = canRun ? (
    <SyncOneButton
      record={erpKey === null ? { type, side: 'crm', key: crmId ?? '' } : { type, side: 'erp', key: erpKey }}
      size="medium"
    >
      Sync this one
    </SyncOneButton>
  ) : null
  if (erpKey === null) return syncOne
  const pairHref = address('/mapping/pair', { type, key: erpKey })
  return (
    <>
      {syncOne}
      {canPair && pair === null ? (
        <LinkButton href={pairHref} variant="primary" icon={Link2} prefetch={false}>
          Pair by hand…
        </LinkButton>
      ) : null}
      {canPair && pair !== null ? (
        <UnpairButton
          type={type}
          erpKey={erpKey}
          erpName={displayText(record.name, 80)}
          pairedWith={`${displayText(pair.crmName, 80)} (${displayText(pair.crmId)}) in ${names.crm}`}
          pairHref={pairHref}
          returnTo={here}
        />
      ) : null}
      <LinkButton icon={History} href={address('/log', { type, key: erpKey })} prefetch={false}>
        Log lines
      </LinkButton>
    </>
  )
}

function StatusBadge({ record, names }: { record: RecordView; names: SideNames }) {
  const status = pairStatus(record)
  if (status === 'unpaired') {
    const only = record.erp === null ? names.crm : names.erp
    return <Badge tone="idle">In {only} only</Badge>
  }
  const { label, tone } = STATUS_WORDS[status]
  return <Badge tone={tone}>{status === 'removed' ? 'Pair removed' : label}</Badge>
}

/** The pair carries the switch until it can be written to the ERP (sync-rules §4.3). */
function switchHelp({ erp, syncOn }: RecordView, names: SideNames): string {
  const own = erp?.syncToCrm ? 'on' : 'off'
  return erp?.syncToCrm === syncOn
    ? `The switch of ${names.erp}.`
    : `It is ${own} in ${names.erp}; the pair carries the switch until it can be written there.`
}
