import { ArrowRight, Plug } from 'lucide-react'
import Link from 'next/link'
import { currentConnection } from '#lib/store/connections'

/** Which pair of systems everything on the page is about; leads to where it is changed. */
export async function ConnectionBox() {
  const connection = await currentConnection()
  return (
    <Link
      href="/settings/connection"
      className="flex min-w-0 items-center gap-2.5 rounded-control border border-line bg-canvas/60 px-2.5 py-2 transition-colors hover:border-line-strong"
    >
      <Plug aria-hidden size={16} strokeWidth={1.75} className="shrink-0 text-ink-muted" />
      <span className="min-w-0">
        <span className="block truncate text-sm font-medium">{connection?.name ?? 'No connection'}</span>
        {connection ? (
          <span className="flex items-center gap-1 text-xs text-ink-muted">
            <span className="truncate">{connection.erpName}</span>
            <ArrowRight aria-label="to" size={11} className="shrink-0" />
            <span className="truncate">{connection.crmName}</span>
          </span>
        ) : (
          <span className="block text-xs text-ink-muted">Choose the two systems</span>
        )}
      </span>
    </Link>
  )
}
