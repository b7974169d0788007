import { Plug } from 'lucide-react'
import { EmptyState } from '../_ui/empty-state.tsx'
import { LinkButton } from '../_ui/link-button.tsx'
import { PageHead } from '../_ui/page-head.tsx'
import { TableFrame } from '../_ui/table.tsx'

export interface NoConnectionProps {
  /** The screen's own title. */
  heading: string
  /** What will be shown here. */
  title: string
  maySetUp: boolean
}

/** A screen before there is any connection: what it will show, and the one next step. */
export function NoConnection({ heading, title, maySetUp }: NoConnectionProps) {
  return (
    <>
      <PageHead title={heading} />
      <TableFrame>
        <EmptyState
          icon={Plug}
          title={title}
          action={
            maySetUp ? (
              <LinkButton href="/settings/connection" variant="primary">
                Set up the connection
              </LinkButton>
            ) : undefined
          }
        >
          There is no connection to Ajera and Vantagepoint yet.
          {maySetUp ? ' Enter the access to both, test it, and come back.' : ' Ask an administrator to set one up.'}
        </EmptyState>
      </TableFrame>
    </>
  )
}
