// Preloaded into every process that `npm start` runs: it ends with the one that started it, also when that was killed
// with -9 and could say nothing.
import { isMainThread } from 'node:worker_threads'

const PATIENCE_MS = 5000

// Workers that such a process forks inherit this preload, but their channel is not ours to judge.
if (isMainThread && process.connected && process.ppid === Number(process.env.CROSSWALK_STARTED_BY)) {
  process.once('disconnect', () => {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), PATIENCE_MS).unref()
    process.kill(process.pid, 'SIGTERM')
  })
  process.channel?.unref()
}
