import { Skeleton } from '../../../_ui/skeleton.tsx'

/** Head, tabs and three cards, as the page will be. Seen only after 200 ms. */
export default function Loading() {
  return (
    <div className="flex max-w-[880px] flex-col gap-6">
      <div className="flex flex-col gap-2">
        <Skeleton className="h-6 w-32" />
        <Skeleton className="h-4 w-80 max-w-full" />
      </div>
      <Skeleton className="h-9 w-48" />
      <Skeleton className="h-40 w-full rounded-card" />
      <Skeleton className="h-96 w-full rounded-card" />
      <p className="sr-only" role="status">
        Loading
      </p>
    </div>
  )
}
