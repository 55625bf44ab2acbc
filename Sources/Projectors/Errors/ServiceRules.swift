internal import Rules

/// Of models, networks, machines and programs.
let serviceRules = Rule.table(
  #"""
  resource | Disk full
    ~ no space left | enospc. | disk quota | edquot. | disk full | disk is full | storage quota
    ~ not enough space | not enough disk | not enough free space | insufficient disk
    ~ insufficient storage | out of disk | no free space | sqlite_full. | device is full
    ~ filesystem is full | file system is full | volume is full
    > Free space or raise the quota of the disk, and see what fills it.
    + write failed: No space left on device
    + cp: error writing 'a': Disk quota exceeded
    + There is not enough space on the disk.
    - there is space on the device
    - quota exceeded
  resource | Rate limit by time
    ~ quota exceeded*per minute | quota*per minute | quota*perminute | quota*per second
    ~ quota*per day per
    > Wait as long as Retry-After says, back off, and send less at once.
    + Quota exceeded for quota metric 'Requests' and limit 'Requests per minute'
    - the quota is spent by the minute
  resource | Quota used up
    ~ insufficient_quota. | quota exceeded | exceeded your*quota | quota has been exceeded
    ~ quota*used up | out of quota | quotaexceeded | credit balance is too low | out of credits
    ~ run out of credits | no credits | insufficient credits | insufficient balance
    ~ insufficient funds | billing hard limit | billing_hard_limit_reached. | payment required
    ~ usage limit | session limit | monthly limit | spending limit | billing_not_active.
    ~ exceeded quota | exceededquota.
    / {STATUS}402\b
    / \bLimitExceeded(?:Exception|Error)?\b
    > Raise the quota, or wait until it is renewed.
    + You exceeded your current quota, please check
    + Error code: 429 - {'error': {'code': 'insufficient_quota'}}
    + 400 Your credit balance is too low to access the API
    + exceededQuota: pods "x" is forbidden: exceeded quota: compute
    + LimitExceededException: account limit
    - the quota is fine
  resource | Rate limit
    ~ rate limit | slowdown. | request rate | rate_limit. | ratelimit. | too many requests
    ~ toomanyrequests. | throttlingexception. | throttled. | throttling. | too many tokens*wait
    ~ requestlimitexceeded. | rate exceeded | rate is too high | too many attempts
    / (?i)throughput ?exceeded
    / {STATUS}429\b
    > Wait as long as Retry-After says, back off, and send less at once.
    + 429 Too Many Requests
    + Rate limit reached for requests per min
    + ProvisionedThroughputExceededException: The level is too low
    + ThrottlingException: Too many tokens, please wait before trying again.
    - rating limits are unknown
  resource | Model overloaded
    ~ overloaded. | server is busy | no capacity
    > Try again later with growing pauses, or use another model.
    + {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}
    - the overlord is away
  resource | Context too long
    ~ context length | context_length. | maximum context | context window | prompt is too long
    ~ too many tokens
    > Shorten or summarise the prompt, or use a model with a larger window.
    + prompt is too long: 210000 tokens
    - the context is long
  resource | Request too large
    ~ payload too large | request entity too large | content too large
    / {STATUS}413\b
    > Send less at once, or raise the server's limit.
    + 413 Request Entity Too Large
    - the entity is large
  permission | Invalid API key
    ~ invalid api key | invalid_api_key. | invalid x-api-key | incorrect api key
    > Set the key in the environment of the process that makes the call.
    + 401 Incorrect API key provided: sk-***
    - invalid apiary
  tool | Model not found
    ~ model_not_found. | model*not found | model*does not exist
    > Check the model's name and whether the account may use it.
    + The model `foo-9` does not exist
    - modelling gave no result
  tool | Request not valid
    ~ invalid_request_error. | 400 bad request | badrequesterror.
    / {STATUS}400\b
    > Compare the parameters with the reference of the API: the message names the one at fault.
    + {"type":"error","error":{"type":"invalid_request_error","message":"max: field required"}}
    - the request is valid
  tool | Iteration limit
    ~ maximum iteration | max iterations | iteration limit
    > Split the task, or raise the limit if there is progress.
    + Reached the maximum iterations (25)
    - the iterations are many
  network | Connection refused
    ~ connection refused | econnrefused. | failed to connect to | could not connect to
    > Start the service, and check host and port.
    + connect ECONNREFUSED 127.0.0.1:80
    - the refused connection
  network | Connection reset
    ~ connection reset | econnreset. | broken pipe | epipe. | socket hang up
    > Try again; if it persists, look at the other side's log.
    + read ECONNRESET
    - epipeline stalls
  network | Host not found
    ~ could not resolve host | enotfound. | getaddrinfo. | name or service not known | eai_again.
    ~ name resolution | no such host | nodename nor servname | unknownhost | unknown host | nxdomain.
    ~ servfail. | no address associated | err_name_not_resolved. | could not be resolved: '
    ~ failed to lookup address | could not translate host name | host not found | dns_probe
    ~ name does not resolve
    > Check the name, and whether there is a network.
    + curl: (6) Could not resolve host: a.example
    + Temporary failure in name resolution
    + lookup db on 127.0.0.53:53: no such host
    + java.net.UnknownHostException: db
    - the host was found
  network | Certificate not accepted
    ~ certificate verify failed | certificate has expired | self-signed certificate
    ~ self signed certificate | certificate_verify_failed. | certificate signed by unknown
    ~ certificate is not trusted | certificate is not yet valid | certificate is invalid
    ~ local issuer certificate | verify the first certificate | unable_to_verify_leaf_signature.
    ~ unable_to_get_issuer_cert | cert_has_expired. | self_signed_cert | err_cert_ | err_tls_cert
    ~ certificate's altnames | certificate problem | valid certification path | pkix path
    ~ certificateexpired | certificate is not valid | hostname mismatch | unknownissuer
    / \bx509: 
    > Renew the certificate, or trust the authority that signed it.
    + certificate verify failed: unable to get local issuer
    + x509: certificate signed by unknown authority
    + DEPTH_ZERO_SELF_SIGNED_CERT
    + PKIX path building failed: unable to find valid certification path
    - the certificate is fine
  timeout | Timeout of a gateway
    ~ gateway time-out | gateway timeout | gatewaytimeout.
    / {STATUS}(?:408|504|524)\b
    > Try again with growing pauses; find what is slow behind the gateway before raising the limit.
    + 504 Gateway Time-out
    + HTTP 504
    - the gateway took its time
  network | Gateway error
    ~ bad gateway | service unavailable | badgateway. | serviceunavailable.
    ~ service temporarily unavailable
    / {STATUS}502\b
    / {STATUS}503\b
    > Try again with growing pauses; the service behind the gateway is down.
    + 502 Bad Gateway
    + 503 Service Temporarily Unavailable
    - the gateway is open
  network | Server error
    ~ server error (500 | internal server error | internal_server_error. | api_error. | internalservererror.
    / {STATUS}500\b
    > Try again with growing pauses; if it persists, look at the service's status.
    + HTTP 500 Internal Server Error
    - HTTP error 5001
  network | Not found by a server
    ~ 404 not found
    / {STATUS}404\b
    > Check the address, and whether what it names is still there.
    + HTTP error 404
    - HTTP status 4041
  permission | Forbidden
    ~ forbidden. | permission_error.
    / {STATUS}403\b
    / \bnpm (?:ERR!|error) (?:code E)?403\b
    > Check what the account or the key may do.
    + HTTP/1.1 403 Forbidden
    + npm ERR! code E403
    - forbiddenness is no word
  permission | Not authorised
    ~ unauthorized. | authentication failed | 401*error. | not authorized | not authorised
    ~ logon denied | login failed | unauthenticated. | authorization required
    ~ authentication required | bad credentials | invalid credentials | invalid username
    ~ invalid password | not logged in | login required | sign in to | log in to your
    ~ token has expired | token expired | invalid token | invalid_token. | invalid_grant.
    ~ invalidgrant | invalid_client. | jwt expired | expiredtoken | tokenexpired
    ~ session has expired | session expired | signaturedoesnotmatch. | invalidclienttokenid.
    ~ unrecognizedclient | security token*invalid | unable to locate credentials
    ~ load credentials | ora-28000. | ora-01017. | account is locked | account is disabled
    ~ account has been disabled | account has been locked | account has been suspended
    ~ mfa required | 2fa is required | host key verification failed | wrongpass. | noauth.
    ~ no pg_hba.conf entry | could not authenticate | failed to authenticate
    ~ could not read username | could not read password | terminal prompts disabled
    ~ incorrect password | wrong password | no askpass program
    / {STATUS}401\b
    / \bnpm (?:ERR!|error) (?:code E)?401\b
    > Renew the credentials, and check what they allow.
    + HTTP 401 Unauthorized
    + ORA-01017: invalid username/password; logon denied
    + You are not authorized to access this resource
    + 401 Authorization Required
    + ORA-28000: the account is locked
    + OAuth error: invalid_grant
    + npm error code E401
    + JWT expired
    + fatal: could not read Username for 'https://a.example': terminal prompts disabled
    + sudo: 3 incorrect password attempts
    - the author is known
  timeout | Timeout
    ~ timed out | timeout. | deadline exceeded | etimedout. | esockettimedout. | deadline_exceeded.
    ~ deadlineexceeded.
    > Find what is slow before raising the limit.
    + the request timed out
    - the timing is out
  resource | Address in use
    ~ address already in use | eaddrinuse.
    > Stop what listens on the port, or take another.
    + listen EADDRINUSE: address already in use :::80
    - the address is in order
  resource | Too many open files
    ~ too many open files | emfile.
    > Close what is opened, or raise the limit.
    + EMFILE: too many open files, open 'a'
    - some open files
  resource | Out of memory
    ~ memoryerror. | cannot allocate memory | oomkilled. | oom-kill | bad_alloc. | enomem.
    ~ insufficient memory | not enough memory | memory exhausted | memory limit | heap space
    ~ gc overhead limit | oom command not allowed | could not allocate memory
    ~ failed to allocate memory | memory allocation*failed | killed signal terminated program
    / (?i)out ?of ?(?:virtual |gpu |device |host )?memory
    / (?i)memory size of \d+ bytes exhausted
    > Work in smaller pieces, or give the process more memory.
    + Out of memory: killed process 17
    + java.lang.OutOfMemoryError: Java heap space
    + std::bad_alloc
    + Allowed memory size of 134217728 bytes exhausted
    - the memory is fresh
  permission | Permission denied
    ~ permission denied | eacces. | operation not permitted | access is denied | access denied
    ~ accessdenied | access to the path | not authorized to | insufficient privileges
    ~ insufficient permission | a password is required | must be run as root | requires root
    ~ are you root | requires elevation | run as administrator | eperm. | permissionerror.
    ~ permission_denied. | unauthorizedaccess | zugriff verweigert | keine berechtigung
    ~ permiso denegado | acceso denegado | permission non accord | accès refusé | permesso negato
    ~ permissão negada | отказано в доступе | Отказано в доступе | доступ запрещ | Доступ запрещ
    ~ toegang geweigerd | geen toegang | err_access_denied. | must be owner of | insufficient_scope.
    ~ insufficient scope | a terminal is required to read the password | denied: requested access
    ~ pull access denied | not in the sudoers | ora-01031. | securityexception. | required role
    ~ lacks the required | sufficient privilege | insufficient rights | unauthorizedoperation.
    ~ access not allowed | access is restricted | accessrestricted | user is not allowed
    ~ missing or insufficient permission | blocked by policy | denied by policy | apparmor="denied
    ~ selinux is preventing | only root can | superuser privileges | 权限被拒绝 | 拒绝访问 | 权限不够
    ~ アクセスが拒否 | access to this resource is restricted | does not have permission
    ~ do not have permission | don't have permission | permission was denied | need to be root
    ~ unless you are root | must be root | deny(1 | accesso negato | acesso negado | odmowa dost
    ~ åtkomst nekad | Åtkomst nekad | ingen tilgang | tilgang nektet | adgang nægtet
    ~ přístup odepřen | Přístup odepřen | acces refuzat | hozzáférés megtagadva | pääsy estetty
    ~ erişim engellendi | izin verilmedi | у доступі відмовлено | У доступі відмовлено
    ~ доступ заборонено | Доступ заборонено | zugriff*verweigert | access refused
    / 액세스가 거부|접근이 거부|권한이 없|권한이 거부|权限不足|没有权限|權限不足|拒絕存取|存取被拒|権限がありません|許可がありません
    > Check the owner and the mode of the file, and who runs the process.
    + EACCES: permission denied, open 'x'
    + open config: Access is denied.
    + java.nio.file.AccessDeniedException: /etc/shadow
    + sudo: a password is required
    + ERROR: must be owner of table users
    + Toegang geweigerd
    + denied: requested access to the resource is denied
    + ann is not in the sudoers file.
    + Msg 229: The SELECT permission was denied on the object
    + Sandbox: deny(1) file-read-data
    + Zugriff auf den Pfad wurde verweigert.
    + Åtkomst nekad
    + 액세스가 거부되었습니다
    + java.lang.SecurityException: no
    + required role admin is missing for ann
    - permissions were granted and denied
  tool | File not found
    ~ no such file or directory | enoent. | filenotfounderror. | file not found
    > Check the path and the working directory.
    + cat: /no/such: No such file or directory
    - the filenotfounder went home
  runtime | Segmentation fault
    ~ segmentation fault | sigsegv.
    > Run under a debugger or a sanitiser, and look at the first frame that is yours.
    + Segmentation fault (core dumped)
    - the segmentation is at fault
  runtime | Assertion failed
    ~ assertionerror. | assertion*failed. | xctassert. | expectation failed | assert.
    > Compare what was expected with what came; then see which of them is wrong.
    + AssertionError: 3 != 4
    - the assertive one came
  runtime | Index out of range
    ~ index out of range | index out of bounds | indexerror. | arrayindexoutofbounds.
    > Check the length before the access, and where the index comes from.
    + Fatal error: Index out of range
    - the index is in range
  runtime | Division by zero
    ~ division by zero | divide by zero | zerodivisionerror. | division or modulo by zero
    > Guard against a divisor of zero; it is often an empty collection.
    + ZeroDivisionError: division by zero
    - division of labour
  runtime | Recursion too deep
    ~ maximum recursion depth | maximum call stack | stack overflow | recursionerror.
    > Look for the missing end of the recursion, or use a loop.
    + RangeError: Maximum call stack size exceeded
    - the recursion ends
  type | Name not declared
    ~ undeclared (first use | use of undeclared identifier | go*undefined:  | is not defined
    > Declare or include what defines the name, or mend its spelling.
    + m.c:1:20: error: use of undeclared identifier 'foo'
    - go for an undefined time
  """#,
  shorthands: [
    // The ways in which a status of HTTP is told.
    "STATUS":
      #"(?i:\bhttp(?:/[\d.]+)?(?: error| status)?(?: code)?|\bstatus(?: ?code)?|\berror code)\W{1,3}"#
  ])
