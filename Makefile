# The scripts by short names; each says more in its first lines.
.DEFAULT_GOAL := help
.PHONY: help setup server test test-all lint format contract lock accessibility promises guards

help: ## this list
	@sed -n 's/^\([a-z-]*\): ## /\1|/p' Makefile | column -t -s '|'

setup: ## install what running and testing need
	script/bootstrap --test
server: ## run everything on this machine
	script/server
test: ## run the tests, but those that take long
	script/test
test-all: ## run all tests
	script/test --all
lint: ## check every language
	script/lint
format: ## format, and mend what a tool can mend
	script/lint --fix
contract: ## write what /v1 promises into mobile_contract/
	script/contract
lock: ## write the locks after a change of pyproject.toml or package.json
	script/lock
accessibility: ## test every kind of public page with axe, before a release
	script/accessibility
promises: ## show that the tests hold what is promised of time
	script/promises
guards: ## show that the fault tests see something
	script/guards
