import { Lock } from 'lucide-react'
import { EmptyState } from '../_ui/empty-state.tsx'
import { LinkButton } from '../_ui/link-button.tsx'
import { PageHead } from '../_ui/page-head.tsx'
import { TableFrame } from '../_ui/table.tsx'

export default function Forbidden() {
  return (
    <>
      <PageHead title="Not for your role" />
      <TableFrame>
        <EmptyState
          icon={Lock}
          title="Your role does not include this page"
          action={<LinkButton href="/">Go to the overview</LinkButton>}
        >
          An administrator can give you another role under Settings, Users.
        </EmptyState>
      </TableFrame>
    </>
  )
}
