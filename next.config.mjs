/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  distDir: process.env.NEXT_DIST ?? '.next',
  serverExternalPackages: ['pg', 'pg-boss', '@prisma/client', '@prisma/adapter-pg', 'undici', 'pino'],
  experimental: { authInterrupts: true, serverActions: { bodySizeLimit: '256kb' } },
}

export default config
