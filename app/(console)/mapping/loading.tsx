import { PageHead } from '#app/_ui/page-head.tsx'
import { Skeleton, SkeletonTable } from '#app/_ui/skeleton.tsx'

export default function MappingLoading() {
  return (
    <>
      <PageHead
        title="CRM mapping table"
        context="Which record is which, who said so, and what still needs a decision."
      />
      <Skeleton className="h-9 w-full" />
      <div className="flex gap-2 py-4">
        <Skeleton className="h-7 w-96" />
        <Skeleton className="h-8 w-72" />
      </div>
      <SkeletonTable columns={7} rows={15} />
    </>
  )
}
