/** In a local start one process serves the pages and works; `crosswalk worker` adds more (guide/reliability.md). */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.CROSSWALK_WORKER === 'off') return
  const { startWorker } = await import('#lib/worker')
  const worker = await startWorker()
  process.once('SIGTERM', () => void worker.stop())
  process.once('SIGINT', () => void worker.stop())
}
