# Installs the clients that the tests try on Stoa: when one is missing or the list has changed.

CLIENTS := test/clients/node_modules/.package-lock.json

.PHONY: clients
clients: $(CLIENTS) ## Install the clients from npm that the tests run

$(CLIENTS): test/clients/package.json test/clients/package-lock.json
	cd test/clients && npm ci --no-audit --no-fund
	@touch $@
