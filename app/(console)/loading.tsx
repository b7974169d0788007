import { Skeleton, SkeletonTable } from '../_ui/skeleton.tsx'

/** The common shape of the console's pages: a head and a table. Seen only after 200 ms. */
export default function Loading() {
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-col gap-2">
        <Skeleton className="h-6 w-48" />
        <Skeleton className="h-4 w-80 max-w-full" />
      </div>
      <div className="after-a-moment">
        <SkeletonTable columns={4} rows={8} />
      </div>
    </div>
  )
}
