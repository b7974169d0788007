import { afterEach, describe, expect, it } from 'vitest'
import { describeFailure, HttpFailure } from '#lib/http/failure'
import { createLimiter } from '#lib/http/limiter'
import type { HttpPorts } from '#lib/http/ports'
import { createHttpClient, type HttpClient, type HttpRequest } from '#lib/http/request'
import { createWeather } from '#lib/http/weather'
import { fakePorts } from '../support/fake-ports.ts'
import { freePort, type RawHandler, type RawServer, startRawServer } from '../support/raw-server.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()))
})

function client(ports: HttpPorts = fakePorts()): HttpClient {
  const limiter = createLimiter({ concurrency: () => 4, rate: null, ports })
  const created = createHttpClient({ limiter, weather: createWeather(), ports, trusted: true, allowedHosts: [] })
  open.push(created)
  return created
}

async function serve(handler: RawHandler, port = 0): Promise<RawServer> {
  const server = await startRawServer(handler, port)
  open.push(server)
  return server
}

function read(url: URL, more: Partial<HttpRequest> = {}): HttpRequest {
  return { url, operation: 'GET /', method: 'GET', headers: {}, safety: 'repeatable', ...more }
}

function create(url: URL, more: Partial<HttpRequest> = {}): HttpRequest {
  return { url, operation: 'POST /', method: 'POST', headers: {}, body: '{}', safety: 'once', ...more }
}

async function failureOf(promise: Promise<unknown>): Promise<HttpFailure> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof HttpFailure)) throw new Error(`expected an HttpFailure, got ${String(error)}`)
  return error
}

describe('what the other side may have done', () => {
  it('a refused connection did nothing', async () => {
    const url = new URL(`http://127.0.0.1:${await freePort()}/`)
    const failure = await failureOf(client().send(create(url, { retries: 0 })))
    expect(failure).toMatchObject({ kind: 'unreachable', failureClass: 'not-executed' })
    expect(describeFailure(failure, 'The system')).toBe(
      'The system could not be reached: the connection was refused. Check its address and that the system is running.',
    )
  })

  it('a host that does not exist did nothing', async () => {
    const failure = await failureOf(client().send(create(new URL('http://nowhere.invalid/'), { retries: 0 })))
    expect(failure).toMatchObject({ kind: 'unreachable', failureClass: 'not-executed' })
  })

  it.each([
    ['a connection reset', (_, response) => response.socket?.resetAndDestroy()],
    ['a connection closed without an answer', (_, response) => response.socket?.destroy()],
    ['status 500', (_, response) => response.writeHead(500).end('oops')],
    ['status 502 with a web page', (_, response) => response.writeHead(502).end('<html>Bad gateway</html>')],
    ['status 503', (_, response) => response.writeHead(503).end()],
    ['status 504', (_, response) => response.writeHead(504).end()],
    ['a web page with status 200', (_, response) => response.end('<!doctype html><title>Sign in</title>')],
    ['JSON that breaks off', (_, response) => response.end('{"a": [1, 2')],
    [
      'a body that breaks off',
      (_, response) =>
        response.writeHead(200, { 'content-length': '50' }).write('{"a":', () => response.socket?.destroy()),
    ],
  ] as [string, RawHandler][])('after %s a create may have happened, so it is sent once', async (_name, handler) => {
    const server = await serve(handler)
    const failure = await failureOf(client().send(create(server.url)))
    expect(failure.failureClass).toBe('unknown')
    expect(server.arrivals()).toBe(1)
  })

  it('a create whose headers do not come in time may have happened', async () => {
    const server = await serve(() => {})
    const failure = await failureOf(client().send(create(server.url, { headersTimeoutMs: 20 })))
    expect(failure).toMatchObject({ kind: 'timeout', failureClass: 'unknown' })
  })

  it('the API’s own refusal is an answer, also with status 500', async () => {
    const server = await serve((_, response) => response.writeHead(500).end('{"Message":"Name is required"}'))
    const answer = await client().send(create(server.url, { recognise: ({ json }) => json !== undefined }))
    expect(answer).toMatchObject({ status: 500, json: { Message: 'Name is required' } })
  })

  it.each([400, 401, 403, 404, 409, 422])('status %i with data is an answer', async (status) => {
    const server = await serve((_, response) => response.writeHead(status).end('{"Message":"no"}'))
    expect((await client().send(create(server.url))).status).toBe(status)
    expect(server.arrivals()).toBe(1)
  })

  it('a missing page in HTML is no statement about a record', async () => {
    const server = await serve((_, response) => response.writeHead(404).end('<html>not here</html>'))
    expect(await failureOf(client().send(read(server.url)))).toMatchObject({ kind: 'broken-answer', status: 404 })
    expect(server.arrivals()).toBe(1)
  })
})

describe('repeating', () => {
  it('a read is repeated five times, waiting between 0.5 and 30 seconds', async () => {
    const ports = fakePorts({ random: () => 0.999999 })
    const server = await serve((_, response) => response.writeHead(502).end('<html/>'))
    await failureOf(client(ports).send(read(server.url)))
    expect(server.arrivals()).toBe(6)
    expect(ports.waits.map((wait) => Math.round(wait / 1000))).toEqual([1, 2, 4, 8, 16])
    const least = fakePorts({ random: () => 0 })
    await failureOf(client(least).send(read(server.url)))
    expect(least.waits).toEqual([500, 500, 500, 500, 500])
  })

  it('a read succeeds once the web page gives way to data', async () => {
    const server = await serve((_, response, count) => response.end(count < 3 ? '<html/>' : '[1]'))
    expect((await client().send(read(server.url))).json).toEqual([1])
  })

  it('a create is repeated when the connection was refused', async () => {
    const port = await freePort()
    const ports = fakePorts({ onSleep: async () => void (await serve((_, response) => response.end('[]'), port)) })
    const answer = await client(ports).send(create(new URL(`http://127.0.0.1:${port}/`)))
    expect(answer.status).toBe(200)
  })

  it.each([
    ['seconds', '7'],
    ['a date', 'Sun, 01 Mar 2026 12:00:07 GMT'],
  ])('Retry-After as %s is obeyed, by a create too', async (_name, value) => {
    const ports = fakePorts()
    const server = await serve((_, response, count) => {
      if (count > 1) return response.end('[]')
      return response.writeHead(429, { 'retry-after': value, date: 'Sun, 01 Mar 2026 12:00:00 GMT' }).end('{}')
    })
    await client(ports).send(create(server.url))
    expect(ports.waits[0]).toBe(7000)
    expect(server.arrivals()).toBe(2)
  })

  it('a pause that one request was told holds back the others', async () => {
    const ports = fakePorts()
    const server = await serve((_, response, count) => {
      if (count === 1) return response.writeHead(429, { 'retry-after': '9' }).end('{}')
      return response.end('[]')
    })
    const shared = client(ports)
    await failureOf(shared.send(read(server.url, { retries: 0 })))
    await shared.send(read(server.url))
    expect(ports.waits).toEqual([9000])
  })

  it('a pause of many minutes is handed to the caller', async () => {
    const server = await serve((_, response) => response.writeHead(503, { 'retry-after': '600' }).end())
    const failure = await failureOf(client().send(read(server.url)))
    expect(failure).toMatchObject({ kind: 'throttled', failureClass: 'unknown', retryAfterSeconds: 600 })
    expect(server.arrivals()).toBe(1)
  })
})

describe('limits of an answer', () => {
  it('a redirect is not followed', async () => {
    const target = await serve((_, response) => response.end('{}'))
    const server = await serve((_, response) => response.writeHead(302, { location: target.url.href }).end())
    expect(await failureOf(client().send(read(server.url)))).toMatchObject({ kind: 'broken-answer', status: 302 })
    expect(target.arrivals()).toBe(0)
  })

  it('an answer of more than 25 MB is given up', async () => {
    const megabyte = Buffer.alloc(1024 * 1024, 32)
    const server = await serve((_, response) => {
      for (let part = 0; part < 27; part += 1) response.write(megabyte)
      response.end('{}')
    })
    expect(await failureOf(client().send(read(server.url)))).toMatchObject({ kind: 'broken-answer', retryable: false })
    expect(server.arrivals()).toBe(1)
  })

  it('an abort ends the call with the caller’s own reason', async () => {
    const controller = new AbortController()
    const reason = new Error('run cancelled')
    const server = await serve(() => controller.abort(reason))
    await expect(client().send(read(server.url, { signal: controller.signal }))).rejects.toBe(reason)
    await expect(client().send(read(server.url, { signal: controller.signal }))).rejects.toBe(reason)
    expect(server.arrivals()).toBe(1)
  })

  it('an address that is not public is not called', async () => {
    const server = await serve((_, response) => response.end('{}'))
    const ports = fakePorts()
    const limiter = createLimiter({ concurrency: () => 1, rate: null, ports })
    const strict = createHttpClient({ limiter, weather: createWeather(), ports, trusted: false, allowedHosts: [] })
    open.push(strict)
    for (const url of [server.url, new URL(`https://127.0.0.1:${server.port}/`)]) {
      expect(await failureOf(strict.send(read(url)))).toMatchObject({
        kind: 'address-refused',
        failureClass: 'not-executed',
      })
    }
    expect(server.arrivals()).toBe(0)
  })
})
