import type { RecordView } from '#lib/store/views-record'
import type { SideNames } from '#lib/sync/messages'
import { Card, type Fact, Facts } from '../../_ui/card.tsx'
import { Time } from '../../_ui/time.tsx'

/** When both sides were read and changed, and how the pair stands. */
export function RecordFacts({ record, names }: { record: RecordView; names: SideNames }) {
  const { erp, crm, pair } = record
  const time = (at: Date | string | null) => (at === null ? 'Never' : <Time at={at} />)
  const facts: (Fact | null)[] = [
    pair && { label: 'Last synced', value: time(pair.lastSyncedAt) },
    erp && { label: `Changed in ${names.erp}`, value: erp.modifiedAt === null ? 'Not known' : time(erp.modifiedAt) },
    erp && { label: `Read from ${names.erp}`, value: time(record.erpReadAt) },
    crm && { label: `Changed in ${names.crm}`, value: crm.modifiedAt === null ? 'Not known' : time(crm.modifiedAt) },
    crm && { label: `Read from ${names.crm}`, value: time(record.crmReadAt) },
    record.crmGoneAt && { label: `Gone from ${names.crm}`, value: time(record.crmGoneAt) },
    pair && pair.attempts > 0 ? { label: 'Failed attempts', value: pair.attempts } : null,
  ]
  const known = facts.filter((fact) => fact !== null)
  if (known.length === 0) return null
  return (
    <Card id="facts" title="When">
      <Facts facts={known} />
    </Card>
  )
}
