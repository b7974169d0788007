import { SearchX } from 'lucide-react'
import { EmptyState } from '../../_ui/empty-state.tsx'
import { LinkButton } from '../../_ui/link-button.tsx'
import { PageHead } from '../../_ui/page-head.tsx'
import { TableFrame } from '../../_ui/table.tsx'

export default function RecordNotFound() {
  return (
    <>
      <PageHead trail={[{ label: 'Mapping', href: '/mapping' }]} title="No such record" />
      <TableFrame>
        <EmptyState
          icon={SearchX}
          title="This record is not known here"
          action={
            <LinkButton href="/mapping" variant="primary">
              Open the mapping table
            </LinkButton>
          }
        >
          The address may be mistyped or from another connection, or the record is new. Run a sync so that new records
          are read.
        </EmptyState>
      </TableFrame>
    </>
  )
}
