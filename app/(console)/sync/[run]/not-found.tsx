import { SearchX } from 'lucide-react'
import { EmptyState } from '../../../_ui/empty-state.tsx'
import { LinkButton } from '../../../_ui/link-button.tsx'
import { PageHead } from '../../../_ui/page-head.tsx'
import { TableFrame } from '../../../_ui/table.tsx'

export default function RunNotFound() {
  return (
    <>
      <PageHead trail={[{ label: 'Synchronize', href: '/sync' }]} title="No such run" />
      <TableFrame>
        <EmptyState
          icon={SearchX}
          title="There is no run with this id"
          action={
            <LinkButton href="/sync" variant="primary">
              See the last runs
            </LinkButton>
          }
        >
          The address may be mistyped or cut off, or the run belongs to another installation.
        </EmptyState>
      </TableFrame>
    </>
  )
}
