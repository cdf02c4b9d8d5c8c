# Built in one stage, run in another: no compiler, no test tool and no browser in what runs.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN node_modules/.bin/vite build --logLevel warn && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
WORKDIR /app
COPY --from=build --chown=root:root /app/package.json /app/lakana ./
COPY --from=build --chown=root:root /app/node_modules ./node_modules
COPY --from=build --chown=root:root /app/dist ./dist
COPY --from=build --chown=root:root /app/drizzle ./drizzle
COPY --from=build --chown=root:root /app/flows ./flows
COPY --from=build --chown=root:root /app/locales ./locales
COPY --from=build --chown=root:root /app/src ./src
RUN mkdir /data && chown node:node /data
# The root file system may be read-only: everything that changes lies in /data or in the database.
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Signals go to the guardian, which passes them on, once, and waits until the service has finished what it holds.
CMD ["node", "--max-semi-space-size=4", "src/main.ts"]
