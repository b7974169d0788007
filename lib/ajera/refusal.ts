import { type FailureReason, RemoteFailure } from '#lib/sync/ports'

/** A write that is refused here, before anything is sent: it certainly did nothing. */
export function refuse(reason: FailureReason, message: string, field: string | null = null): RemoteFailure {
  return new RemoteFailure({ side: 'erp', failureClass: 'definite', reason, message, field })
}

/** Reading what a create needs may fail in every way; the create itself was not sent. */
export async function beforeSending<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    const isOpen = error instanceof RemoteFailure && error.failureClass === 'unknown'
    throw isOpen ? error.withClass('not-executed') : error
  }
}
