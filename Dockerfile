# Built in one stage, run in another: no compiler, no test tool and no browser in what runs. test/operating/containers.test.ts
# takes these steps in their order. To pin the image: --build-arg NODE=node@sha256:… with the digest that you checked.
ARG NODE=node:24-bookworm-slim
FROM ${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM ${NODE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
WORKDIR /app
COPY --from=build --chown=root:root /app ./
RUN mkdir /data && chown node:node /data
# The root file system may be read-only: everything that changes lies in /data or in the database.
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Signals go to the guardian, which passes them on, once, and waits until the service has finished what it holds.
CMD ["./lakana", "start"]
