import { type Bindings, type ChildLoggerOptions, type DestinationStream, destination, type Logger, pino } from 'pino'
import { scrub, scrubRecord, scrubText } from './scrub.ts'

/** A log of JSON lines in which no secret appears, whatever is handed to it. */
export function createLogger(stream: DestinationStream): Logger {
  const logger = pino(
    {
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      // Everything is scrubbed before pino looks at it, so its own treatment of errors has nothing left to show.
      serializers: { err: (error: unknown) => error },
      hooks: {
        logMethod(args, method) {
          const [first, ...rest] = args.map((arg) => (typeof arg === 'string' ? scrubText(arg) : scrub(arg)))
          Reflect.apply(method, this, [args[0] instanceof Error ? { err: first } : first, ...rest])
        },
      },
    },
    stream,
  )
  const { child } = logger
  return Object.assign(logger, {
    child(this: Logger, bindings: Bindings, options?: ChildLoggerOptions) {
      return Reflect.apply(child, this, [scrubRecord(bindings), options])
    },
  })
}

/** The log of this process; on stderr, because stdout belongs to what a command prints. */
export const logger: Logger = createLogger(destination({ fd: 2, sync: true }))
