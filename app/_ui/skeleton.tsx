import { TableFrame } from './table.tsx'

/** One grey bar. Appears only after 200 ms; give it the size of what it stands for. */
export function Skeleton({ className = 'h-4 w-full' }: { className?: string }) {
  return <span aria-hidden className={`after-a-moment block rounded-[4px] bg-ink/8 ${className}`} />
}

const WIDTHS = ['w-3/5', 'w-2/5', 'w-1/2', 'w-1/3', 'w-2/3'] as const

/** A table that is on its way, in its true layout. */
export function SkeletonTable({ columns, rows = 10 }: { columns: number; rows?: number }) {
  return (
    <TableFrame>
      <div aria-hidden className="divide-y divide-line">
        {sequence(rows + 1).map((row) => (
          <div key={row} className="flex h-10 items-center gap-6 px-3">
            {sequence(columns).map((column) => (
              <span key={column} className="flex-1">
                <Skeleton className={`h-3 ${WIDTHS[(row * 2 + column) % WIDTHS.length]}`} />
              </span>
            ))}
          </div>
        ))}
      </div>
      <p className="sr-only" role="status">
        Loading
      </p>
    </TableFrame>
  )
}

function sequence(length: number): number[] {
  return Array.from({ length }, (_, index) => index)
}
