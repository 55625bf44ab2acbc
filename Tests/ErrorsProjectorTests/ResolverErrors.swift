/// Made-up messages that explain why packages do not go together, each with the name of what went wrong.
let resolverErrors: [(truth: String, message: String)] = [
  (
    "pub-nomatch",
    "Because shop depends on left-pad (>=9.0.0) which doesn't match any versions, version solving failed."
  ),
  (
    "pub-nomatch",
    "Because till depends on flask-cors (^42) which doesn't match any versions, version solving failed."
  ),
  (
    "pub-nomatch",
    "Because every version of app depends on http ^99.0.0 which doesn't match any versions, version solving failed."
  ),
  (
    "pub-nomatch",
    "Updating dependencies\nResolving dependencies...\n\nBecause oven depends on numpy (>=9,<10) which doesn't match any versions, version solving failed."
  ),
  (
    "no-versions",
    "Because no versions of requests match >9.0,<10.0\n and shop depends on requests (^9.0), version solving failed."
  ),
  (
    "no-versions",
    "Because no versions of numpy match >9\n and till depends on numpy (>9), version solving failed."
  ),
  (
    "poetry-conflict",
    "Because flask-cors (4.0.0) depends on Flask (>=2)\n and shop depends on Flask (^1.0), flask-cors is forbidden.\nSo, because shop depends on flask-cors (4.0.0), version solving failed."
  ),
  (
    "poetry-conflict",
    "Because acme-a (1.2) depends on six (<2)\n and till depends on six (^3.0), acme-a is forbidden.\nSo, because till depends on acme-a (1.2), version solving failed."
  ),
  (
    "poetry-conflict",
    "Because oven depends on both urllib3 (^2.0) and botocore (^1.29), version solving failed."
  ),
  (
    "poetry-python",
    "The current project's supported Python range (>=3.8,<4.0) is not compatible with some of the required packages Python requirement:\n  - numpy requires Python >=3.10, so it will not be satisfied for Python >=3.8,<3.10"
  ),
  (
    "poetry-python",
    "The current project's supported Python range (>=3.9,<4.0) is not compatible with some of the required packages Python requirement:\n  - scipy requires Python <3.13,>=3.10, so it will not be satisfied for Python >=3.13,<4.0"
  ),
  (
    "no-versions",
    "  × No solution found when resolving dependencies:\n  ╰─▶ Because there are no versions of left-padd and you require left-padd, we can conclude that your requirements are unsatisfiable."
  ),
  (
    "no-versions",
    "× No solution found when resolving dependencies:\n╰─▶ Because there are no versions of numpyy and your project depends on numpyy, we can\n    conclude that your project's requirements are unsatisfiable."
  ),
  (
    "uv-only",
    "  × No solution found when resolving dependencies:\n  ╰─▶ Because only requests<=2.32.3 is available and you require requests>=3, we can conclude that your requirements are unsatisfiable."
  ),
  (
    "uv-only",
    "  × No solution found when resolving dependencies:\n  ╰─▶ Because only flask<=3.1.0 is available and your project depends on flask>=9, we can conclude that your project's requirements are unsatisfiable."
  ),
  (
    "uv-conflict",
    "  × No solution found when resolving dependencies:\n  ╰─▶ Because flask-cors==4.0.0 depends on flask>=2 and you require flask<2, we can conclude that you require flask-cors==4.0.0 and your requirements are incompatible.\n      And because you require flask-cors==4.0.0, we can conclude that your requirements are unsatisfiable."
  ),
  (
    "uv-conflict",
    "  × No solution found when resolving dependencies:\n  ╰─▶ Because botocore==1.29.0 depends on urllib3<1.27 and you require urllib3>=2, we can conclude that\n      botocore==1.29.0 cannot be used.\n      And because you require botocore==1.29.0, we can conclude that your requirements are unsatisfiable."
  ),
  (
    "uv-notfound",
    "  × No solution found when resolving dependencies:\n  ╰─▶ Because nosuchpkg was not found in the package registry and you require nosuchpkg, we can conclude that your requirements are unsatisfiable."
  ),
  (
    "uv-notfound",
    "  × No solution found when resolving dependencies:\n  ╰─▶ Because acme-secret was not found in the package registry and your project depends on acme-secret, we can conclude that your project's requirements are unsatisfiable."
  ),
  (
    "pip-none",
    "ERROR: Could not find a version that satisfies the requirement nosuch-a (from versions: none)\nERROR: No matching distribution found for nosuch-a"
  ),
  (
    "pip-none",
    "ERROR: Could not find a version that satisfies the requirement othr (from versions: none)\nERROR: No matching distribution found for othr"
  ),
  (
    "pip-none",
    "ERROR: Could not find a version that satisfies the requirement torch==9.9 (from versions: 1.11.0, 1.12.0, 2.0.0)\nERROR: No matching distribution found for torch==9.9"
  ),
  (
    "pip-conflict",
    "ERROR: Cannot install acme-a==1.0 and acme-b==2.0 because these package versions have conflicting dependencies.\nERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/"
  ),
  (
    "pip-conflict",
    "ERROR: Cannot install -r requirements.txt (line 3) and six<1 because these package versions have conflicting dependencies.\n\nThe conflict is caused by:\n    botocore 1.29.0 depends on urllib3<1.27\n    The user requested urllib3>=2\n\nERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/"
  ),
  (
    "pip-incompatible",
    "ERROR: pip's dependency resolver does not currently take into account all the packages that are installed. This behaviour is the source of the following dependency conflicts.\nflask 1.0 requires werkzeug<1, but you have werkzeug 2.0 which is incompatible."
  ),
  (
    "pip-incompatible",
    "ERROR: pip's dependency resolver does not currently take into account all the packages that are installed. This behaviour is the source of the following dependency conflicts.\nscipy 1.0 requires numpy<2, but you have numpy 2.1 which is incompatible."
  ),
  (
    "cargo-noname",
    "error: no matching package named `serdde` found\nlocation searched: crates.io index\nrequired by package `shop v0.1.0 (/srv/shop)`"
  ),
  (
    "cargo-noname",
    "error: no matching package named `tokioo` found\nlocation searched: crates.io index\nrequired by package `till v0.2.0 (/srv/till)`"
  ),
  (
    "cargo-version",
    "error: failed to select a version for the requirement `serde = \"^9\"`\ncandidate versions found which didn't match: 1.0.203, 1.0.202, 1.0.201, ...\nlocation searched: crates.io index"
  ),
  (
    "cargo-version",
    "error: failed to select a version for the requirement `rand = \"^12\"`\ncandidate versions found which didn't match: 0.8.5\nlocation searched: crates.io index"
  ),
  (
    "cargo-conflict",
    "error: failed to select a version for `openssl-sys`.\n    ... required by package `native-tls v0.2.0`\nversions that meet the requirements `^0.9` are: 0.9.102\n\nall possible versions conflict with previously selected packages."
  ),
  (
    "cargo-conflict",
    "error: failed to select a version for `ring`.\n    ... required by package `rustls v0.20.0`\nversions that meet the requirements `^0.16` are: 0.16.20\n\nthe package `ring` links to the native library `ring`"
  ),
  (
    "npm-eresolve",
    "npm ERR! code ERESOLVE\nnpm ERR! ERESOLVE unable to resolve dependency tree\nnpm ERR! \nnpm ERR! While resolving: shop@1.0.0\nnpm ERR! Found: react@18.2.0"
  ),
  (
    "npm-eresolve",
    "npm error code ERESOLVE\nnpm error ERESOLVE unable to resolve dependency tree\nnpm error While resolving: till@2.0.0\nnpm error Found: vue@3.4.0"
  ),
  (
    "npm-etarget",
    "npm ERR! code ETARGET\nnpm ERR! notarget No matching version found for left-pad@^9.0.0.\nnpm ERR! notarget In most cases you or one of your dependencies are requesting"
  ),
  (
    "npm-etarget",
    "npm error code ETARGET\nnpm error notarget No matching version found for chalk@99.\nnpm error notarget In most cases"
  ),
  (
    "pnpm-nomatch",
    " ERR_PNPM_NO_MATCHING_VERSION  No matching version found for left-pad@^9.0.0"
  ),
  ("pnpm-nomatch", " ERR_PNPM_NO_MATCHING_VERSION  No matching version found for chalk@99"),
  ("yarn-nomatch", "error Couldn't find any versions for \"left-pad\" that matches \"^9.0.0\""),
  ("yarn-nomatch", "error Couldn't find any versions for \"chalk\" that matches \"99\""),
  (
    "bundler-nogem",
    "Could not find gem 'railss' in rubygems repository https://rubygems.org/ or installed locally."
  ),
  (
    "bundler-nogem",
    "Could not find gem 'sinatraa (~> 9)' in rubygems repository https://rubygems.org/ or installed locally."
  ),
  (
    "bundler-conflict",
    "Could not find compatible versions\n\nBecause every version of devise-x depends on rails >= 7.0\n  and Gemfile depends on rails = 6.1,\n  devise-x cannot be used.\nSo, because Gemfile depends on devise-x >= 0,\n  version solving has failed."
  ),
  (
    "bundler-conflict",
    "Could not find compatible versions\n\nBecause rspec-y >= 2.0 depends on rake < 10\n  and Gemfile depends on rake = 13.0,\n  rspec-y >= 2.0 cannot be used.\nSo, because Gemfile depends on rspec-y >= 2.0,\n  version solving has failed."
  ),
  (
    "composer-none",
    "Your requirements could not be resolved to an installable set of packages.\n\n  Problem 1\n    - Root composer.json requires acme/nosuch ^9.0, it could not be found in any version, there may be a typo in the package name."
  ),
  (
    "composer-none",
    "Your requirements could not be resolved to an installable set of packages.\n\n  Problem 1\n    - Root composer.json requires foo/bar *, it could not be found in any version, there may be a typo in the package name."
  ),
  (
    "composer-php",
    "Your requirements could not be resolved to an installable set of packages.\n\n  Problem 1\n    - Root composer.json requires symfony/x ^7 -> satisfiable by symfony/x[v7.0.0].\n    - symfony/x v7.0.0 requires php >=8.2 -> your php version (8.1.2) does not satisfy that requirement."
  ),
  (
    "composer-php",
    "Your requirements could not be resolved to an installable set of packages.\n\n  Problem 1\n    - laravel/y v11.0 requires php ^8.2 -> your php version (8.0.30) does not satisfy that requirement."
  ),
  (
    "composer-constraint",
    "Your requirements could not be resolved to an installable set of packages.\n\n  Problem 1\n    - Root composer.json requires acme/a ^9, found acme/a[1.0.0, 1.1.0] but it does not match the constraint."
  ),
  (
    "composer-constraint",
    "Your requirements could not be resolved to an installable set of packages.\n\n  Problem 1\n    - Root composer.json requires zed/b ~4.2, found zed/b[dev-main, 3.0.0] but it does not match the constraint."
  ),
  (
    "go-unknown",
    "go: example.com/acme/a@v1.9.0: reading example.com/acme/a/go.mod at revision v1.9.0: unknown revision v1.9.0"
  ),
  (
    "go-unknown",
    "go: github.com/x/y@v0.3.1: reading github.com/x/y/go.mod at revision v0.3.1: unknown revision v0.3.1"
  ),
  (
    "conda-none",
    "PackagesNotFoundError: The following packages are not available from current channels:\n\n  - nosuch"
  ),
  (
    "conda-none",
    "PackagesNotFoundError: The following packages are not available from current channels:\n\n  - othr=9\n  - x"
  ),
  (
    "maven-none",
    "Could not find artifact com.acme:core:jar:1.0 in central (https://repo.maven.apache.org/maven2)"
  ),
  (
    "maven-none",
    "Could not find artifact org.zed:api:jar:2.3-SNAPSHOT in nexus (https://nexus.example.com/r)"
  ),
  (
    "gradle-none",
    "* What went wrong:\nCould not resolve all files for configuration ':app:debugCompileClasspath'.\n> Could not find com.acme:core:1.0.\n  Searched in the following locations:"
  ),
  (
    "gradle-none",
    "* What went wrong:\nCould not resolve all files for configuration ':lib:runtimeClasspath'.\n> Could not find org.zed:api:2.3."
  ),
  (
    "pub-nomatch",
    "Because \"shop\" depends on \"phoenix ~> 9.0\" which doesn't match any versions, version solving failed."
  ),
  (
    "pub-nomatch",
    "Because \"till\" depends on \"ecto ~> 42.0\" which doesn't match any versions, version solving failed."
  ),
  (
    "swiftpm-conflict",
    "error: Dependencies could not be resolved because root depends on 'swift-a' 1.0.0..<2.0.0 and root depends on 'swift-b' 2.0.0..<3.0.0."
  ),
  (
    "swiftpm-conflict",
    "error: Dependencies could not be resolved because root depends on 'swift-log' 1.0.0..<2.0.0 and root depends on 'swift-nio' 2.0.0..<3.0.0."
  ),
  (
    "no-versions",
    "error: Dependencies could not be resolved because no versions of 'swift-nio' match the requirement 9.0.0..<10.0.0 and root depends on 'swift-nio' 9.0.0..<10.0.0."
  ),
  (
    "terraform-provider",
    "Error: Failed to query available provider packages\n\nCould not retrieve the list of available versions for provider hashicorp/awz: provider registry registry.terraform.io does not have a provider named registry.terraform.io/hashicorp/awz"
  ),
  (
    "terraform-provider",
    "Error: Failed to query available provider packages\n\nCould not retrieve the list of available versions for provider acme/x: provider registry registry.terraform.io does not have a provider named registry.terraform.io/acme/x"
  ),
  (
    "pydantic-type",
    "1 validation error for Cart\nitems.0\n  Input should be a valid integer, unable to parse string as an integer [type=int_parsing, input_value='x', input_type=str]"
  ),
  (
    "pydantic-type",
    "2 validation errors for Order\namount\n  Input should be a valid integer, unable to parse string as an integer [type=int_parsing, input_value='7,-', input_type=str]\nname\n  Field required [type=missing, input_value={}, input_type=dict]"
  ),
]
