# Builds GraphiQL into the program: when it is missing or older than its sources. Without npm it
# says so and goes on; the program then serves a small page in its place.

GRAPHIQL_SOURCES := $(wildcard graphiql/src/* graphiql/examples/*) \
	graphiql/package.json graphiql/package-lock.json graphiql/vite.config.js graphiql/index.html graphiql/icon.svg

.PHONY: graphiql
graphiql: ## Build GraphiQL into the program (needs npm)
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory graphiql/dist/index.html; \
	else echo "npm is missing: the page at / will be the small one"; fi

graphiql/dist/index.html: $(GRAPHIQL_SOURCES)
	cd graphiql && npm ci --no-audit --no-fund && npm run build
	@touch $@
