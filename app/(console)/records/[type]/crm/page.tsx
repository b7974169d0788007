import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { may } from '#lib/access/roles'
import { requireUser } from '#lib/access/session'
import { shownFieldMap } from '#lib/connection-field-map'
import { currentConnection } from '#lib/store/connections'
import { findRecordView } from '#lib/store/views-record'
import { RECORD_TYPES } from '#lib/sync/records'
import { oneValue, type SearchParams } from '../../../address.ts'
import { NoConnection } from '../../../no-connection.tsx'
import { crmRecordHref, recordHref } from '../../record-href.ts'
import { RecordScreen } from '../../record-screen.tsx'

export const metadata: Metadata = { title: 'Record' }

interface CrmRecordPageProps {
  params: Promise<{ type: string }>
  searchParams: Promise<SearchParams>
}

/** One record of the CRM by its id; one that is paired has its page under the key of the ERP. */
export default async function CrmRecordPage({ params, searchParams }: CrmRecordPageProps) {
  const user = await requireUser('read')
  const [asked, search] = await Promise.all([params, searchParams])
  const type = RECORD_TYPES.find((one) => one === asked.type)
  const crmId = oneValue(search, 'id')
  if (type === undefined || crmId === null || crmId.length > 255 || crmId.includes('\u0000')) notFound()
  const connection = await currentConnection()
  if (connection === null) {
    return <NoConnection heading="Record" title="Records are shown here" maySetUp={may(user.role, 'settings')} />
  }
  const record = await findRecordView(connection, type, { crmId }, (await shownFieldMap(connection.id))[type])
  if (record === null) notFound()
  if (record.pair !== null) redirect(recordHref(type, record.pair.erpKey))
  return (
    <RecordScreen
      connection={connection}
      record={record}
      role={user.role}
      params={search}
      href={(query) => crmRecordHref(type, crmId, query)}
    />
  )
}
