/** In a local start one process serves the pages and works; `crosswalk worker` adds more (guide/reliability.md). */
export async function register(): Promise<void> {
  // A block and no early return: only so does Next leave its content out of the edge bundle.
  if (process.env.NEXT_RUNTIME === 'nodejs' && process.env.CROSSWALK_WORKER !== 'off') {
    const { startWorker } = await import('#lib/worker')
    const worker = await startWorker()
    // `npm start` leaves signals to us (NEXT_MANUAL_SIG_HANDLE): Next would wait for every open event stream to end.
    const leave = () => void worker.stop().finally(() => process.exit(0))
    process.once('SIGTERM', leave)
    process.once('SIGINT', leave)
  }
}
