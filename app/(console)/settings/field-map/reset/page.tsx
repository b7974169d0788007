import { CircleCheck } from 'lucide-react'
import type { Metadata } from 'next'
import { EmptyState } from '#app/_ui/empty-state.tsx'
import { LinkButton } from '#app/_ui/link-button.tsx'
import { PageHead } from '#app/_ui/page-head.tsx'
import { TableFrame } from '#app/_ui/table.tsx'
import { requireUser } from '#lib/access/session'
import { readConnectionMap } from '#lib/connection-field-map'
import { defaultFieldMap } from '#lib/default-field-map'
import { currentConnection } from '#lib/store/connections'
import { mapVersion } from '#lib/store/field-map'
import { mapChanges } from '#lib/sync/map-changes'
import type { SearchParams } from '../../../address.ts'
import { NoConnection } from '../../../no-connection.tsx'
import { TYPE_PLURAL } from '../../../record-types.ts'
import { ChangeList } from '../change-list.tsx'
import { ResetForm } from '../reset-form.tsx'
import { mapHref, readMapSearch } from '../search-params.ts'

export const metadata: Metadata = { title: 'Set the field map back' }

/** What setting a map back to the default changes, entry by entry, before it is done. */
export default async function ResetPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireUser('settings')
  const { type } = readMapSearch(await searchParams)
  const connection = await currentConnection()
  if (connection === null)
    return <NoConnection heading="Field map" title="Which field is which belongs here" maySetUp />
  const { fieldMap, own, problems } = await readConnectionMap(connection.id)
  const types = TYPE_PLURAL[type].toLowerCase()
  const broken = problems.find((problem) => problem.type === type)?.message ?? null
  const trail = [
    { label: 'Field map', href: mapHref({}) },
    { label: TYPE_PLURAL[type], href: mapHref({ type }) },
  ]
  return (
    <>
      <PageHead trail={trail} title="Set back to the default" context={`The map for ${types} of ${connection.name}.`} />
      {own.includes(type) ? (
        <ResetForm type={type} version={mapVersion(fieldMap[type])} backHref={mapHref({ type })} types={types}>
          <ChangeList
            changes={mapChanges(fieldMap[type], defaultFieldMap[type])}
            broken={broken}
            names={{ erp: connection.erpName, crm: connection.crmName }}
          />
        </ResetForm>
      ) : (
        <TableFrame>
          <EmptyState
            icon={CircleCheck}
            title={`The map for ${types} is the default`}
            action={<LinkButton href={mapHref({ type })}>Back to the map</LinkButton>}
          >
            Nobody has changed it for this connection.
          </EmptyState>
        </TableFrame>
      )}
    </>
  )
}
