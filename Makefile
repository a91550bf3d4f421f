# Everything a contributor runs. The two commands of the README need only Go.

GO ?= go

.PHONY: check test race purego fuzz bench golden format

check: format ## what every commit must pass
	$(GO) vet ./...
	$(GO) vet -tags purego ./...
	GOARCH=arm64 $(GO) vet ./...
	$(GO) test ./...

format:
	@files=$$(gofmt -l .); if [ -n "$$files" ]; then echo "gofmt would change:"; echo "$$files"; exit 1; fi

test:
	$(GO) test ./...

race: ## data races in everything that has goroutines
	$(GO) test -race ./engine ./engine/gemm ./engine/op ./engine/nn ./engine/hub ./engine/tokenizer ./ui ./ui/shared ./ui/command

purego: ## the portable twins instead of assembly
	$(GO) test -tags purego ./engine/...

fuzz: ## every fuzz target for a few seconds
	bash .ci/fuzz 5s

bench: ## kernels against their portable twins, steps against PyTorch where PYTHON has it
	$(GO) test -run '^$$' -bench . -benchtime 200ms ./engine/gemm ./engine/vec
	GO=$(GO) bash .ci/against

golden: ## rewrite golden screens after a change on purpose, then look at the diff
	$(GO) test ./ui/... -update
