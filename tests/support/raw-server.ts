import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RawServer {
  readonly url: URL
  readonly port: number
  /** How many requests arrived so far. */
  readonly arrivals: () => number
  close(): Promise<void>
}

export type RawHandler = (request: IncomingMessage, response: ServerResponse, count: number) => void

/** A real HTTP server on loopback that answers exactly as the test says; `count` starts at 1. */
export async function startRawServer(handler: RawHandler, port = 0): Promise<RawServer> {
  let arrivals = 0
  const server = createServer((request, response) => {
    arrivals += 1
    request.resume()
    handler(request, response, arrivals)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo
  return {
    url: new URL(`http://127.0.0.1:${address.port}/`),
    port: address.port,
    arrivals: () => arrivals,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A port of this machine on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = await startRawServer(() => {})
  await server.close()
  return server.port
}
