import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { may } from '#lib/access/roles'
import { requireUser } from '#lib/access/session'
import { shownFieldMap } from '#lib/connection-field-map'
import { currentConnection } from '#lib/store/connections'
import { findRecordView } from '#lib/store/views-record'
import { RECORD_TYPES } from '#lib/sync/records'
import type { SearchParams } from '../../../address.ts'
import { NoConnection } from '../../../no-connection.tsx'
import { recordHref } from '../../record-href.ts'
import { RecordScreen } from '../../record-screen.tsx'

export const metadata: Metadata = { title: 'Record' }

interface RecordPageProps {
  params: Promise<{ type: string; key: string }>
  searchParams: Promise<SearchParams>
}

/** One record of the ERP with its other half, by its key. Works without JavaScript. */
export default async function RecordPage({ params, searchParams }: RecordPageProps) {
  const user = await requireUser('read')
  const asked = await params
  const type = RECORD_TYPES.find((one) => one === asked.type)
  const erpKey = decoded(asked.key)
  if (type === undefined || erpKey === null) notFound()
  const connection = await currentConnection()
  if (connection === null) {
    return <NoConnection heading="Record" title="Records are shown here" maySetUp={may(user.role, 'settings')} />
  }
  const record = await findRecordView(connection, type, { erpKey }, (await shownFieldMap(connection.id))[type])
  if (record === null) notFound()
  return (
    <RecordScreen
      connection={connection}
      record={record}
      role={user.role}
      params={await searchParams}
      href={(query) => recordHref(type, erpKey, query)}
    />
  )
}

/** The key as the address spells it; `null` where no record can have it. */
function decoded(segment: string): string | null {
  try {
    const key = decodeURIComponent(segment)
    return key === '' || key.length > 255 || key.includes('\u0000') ? null : key
  } catch {
    return null
  }
}
