import { PageHead } from '#app/_ui/page-head.tsx'
import { Skeleton, SkeletonTable } from '#app/_ui/skeleton.tsx'

export default function LogLoading() {
  return (
    <>
      <PageHead
        title="Integration log"
        context="What every run did and why, newest first. Open a line for its cause and what to do."
      />
      <div className="flex flex-col gap-3 pb-4">
        <Skeleton className="h-8 w-full" />
        <Skeleton className="h-7 w-72" />
      </div>
      <SkeletonTable columns={5} rows={15} />
    </>
  )
}
