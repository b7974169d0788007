/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  serverExternalPackages: ['pg', 'pg-boss', '@prisma/client', '@prisma/adapter-pg', 'undici', 'pino'],
  experimental: { serverActions: { bodySizeLimit: '256kb' } },
}

export default config
