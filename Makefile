# The two that a newcomer needs: make start, make test.

BIN := bin/kata

.PHONY: start build test race lint bench corpus golden fuzz

# start builds the command and does the main job on the first kata: fetch it, grade the stub, say what to do next.
start: build
	go mod download
	$(BIN) doctor
	$(BIN) next
	@# The stub fails by intent: that is what a newcomer is to see.
	$(BIN) check || test $$? -eq 1

build:
	go build -o $(BIN) ./cmd/kata

test:
	go test ./...

race:
	go test -race ./...

lint:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

# bench prints kata check beside plain go test -race, as ratios of one run.
bench: build
	go run ./bench

# golden writes all golden files anew; look at the diff before you commit it.
golden:
	UPDATE_GOLDEN=1 go test ./runner/report ./cmd/kata ./katas

# corpus measures the explored lens on the classic mistakes, beside plain go test -race: the table of docs/exploring.md.
corpus:
	go run ./bench/corpus
