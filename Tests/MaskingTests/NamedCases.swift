import Rules

/// Tokens by their shape, and secrets that a name tells; what looks like personal data. As `commandCases`.
let namedCases = Rule.table(
  #"""
  token of an issuer that is not known
    + ⟦squ_¦3f8a91c04be27d65a1f09c8e7b6d54321fe0a9c8⟧
    + SONAR_LOGIN ⟦sqp_¦9c8e7b6d54321fe0a9c83f8a91c04be27d65a1f0⟧
    + ⟦bkua_¦0d1f9c8e7b6a54323fe0a9c81f8a91c04be27d65⟧
    + use ⟦bkpt_¦7d651f9c8e7b0a54323fe0a9c81f8a91c04be2d6⟧ there
    + ⟦rdme_¦xn8s9h3f8a91c04be27d65a1f09c8e7b6d54321fe0a9c8b7d6e5f4a3b2c1d0e9f8⟧
    + ⟦acme_¦3f8a91c04be27d65a1f09c8e7b6d5432⟧
    + ⟦acme_¦mfzwizltoq4dcnbrgy2tamrv7gi3tkma⟧
    + ⟦zed-¦k5xw4zldeb2g6ylsmu3tanjqgq2dsnbr⟧ is mine
    + ⟦CCIPAT_¦FJx4bXq9vLm2ZpR7vK4sN8_9c8e7b6d54321fe0a9c83f8a91c04be27d65a1f0⟧
    + client secret ⟦qJH8Q~¦xV5bT2mKp9LwR4sN7yZc3DfG6hJ1aQeUiOk⟧
    + AZURE ⟦b1c8Q~¦nT7.xV5bT2mKp9LwR4_N7yZc3DfG6hJ1Q-⟧ set
    + ⟦v1.0-¦3f8a91c04be27d65a1f09c8e-7b6d54321fe0a9c83f8a91c04be27d65a1f09c8e7b6d54321fe0a9c83f8a91c04be27d65a1f09c8e7b6d54321fe0a9c83f8a91c04be27d65a1f0⟧
    + X-Auth-User-Service-Key: ⟦v1.0-¦9c8e7b6d54321fe0a9c83f8a-91c04be27d65a1f03f8a91c04be27d65a1f09c8e7b6d54321fe0a9c81f0c2d⟧
    + ⟦brn_¦tk_9c8e7b6d54321fe0a9c83f8a91c04be2⟧
    + ⟦ory_at_¦qT9xLm2ZpR7vK4sN8wYbC3dF.qT9xLm2ZpR7vK4sN8wYbC3d⟧
    + --with ⟦tok_¦k8q2vx5m9z4t7r3w6y1b0n8c5d2f⟧
    + ⟦pnu_¦aK9mQ2vX7tR4wZ1nC6bJ8dF3gH5sLpYe0uTi⟧
    + "⟦uat_¦91c04be27d65a1f03f8a9c8e7b6d5432⟧"
    + ⟦XKCD-¦8F3KQ9ZT2WVN7RLM4PXB6CJD1HSGY5AE⟧
    + pk.⟦eyJ1IjoiYm9iIiwiYSI6ImNsMTIzNDU2Nzg5MGFiY2RlZiJ9.qT9xLm2ZpR7vK4sN8wYbCg⟧
    - squ_hash_of_the_commit, squ_table_with_many_columns_in_it and bkua_some_name_of_a_thing
    - commit_3f8a91c04be27d65a1f09c8e7b6d54321fe0a9c8 and rev-3f8a91c04be27d65a1f09c8e7b6d54321fe0a9c8
    - main-3f8a91c04be27d65a1f09c8e7b6d54321fe0a9c8 image, cache_3f8a91c04be27d65a1f09c8e7b6d5432.json
    - go_build_3f8a91c04be27d65a1f09c8e7b6d5432 blob_9c8e7b6d54321fe0a9c83f8a91c04be27d65a1f0
    - linux-x64-3f8a91c04be27d65a1f09c8e7b6d54321fe0a9c8.tar.gz vendor.9c8e7b6d54321fe0a9c8.js
    - md5_5d41402abc4b2a76b9719d911017c592, style-9c8e7b6d54321fe0a9c83f8a91c04be2.css
    - test_that_base32_of_4_words_is_2_long and HTTP_REQUEST_TIMEOUT_AFTER_30_SECONDS
    - v1.0-alpha-3f8a91c and v1.0-3f8a91c04be2-dirty, v0.0.0-20260105101010-3f8a91c04be2
    - libfoo_3.2.1-4ubuntu0.22.04.1_amd64, cuda-cudart-12-4-12.4.127, manylinux_2_17_x86_64
    - ref: refs/heads/feature-3f8a91c04be27d65a1f09c8e7b6d54321fe0a9c8
    - _ZN4core3fmt9Formatter9write_str17h3f8a91c04be27d65E and core::ptr::drop_in_place17h9c8e
    - rust_begin_unwind, __cxa_throw_bad_array_new_length, sg-0a1b2c3d4e5f60718, i-0a1b2c3d4e5f60718
    - subnet-0a1b2c3d4e5f60718 ami-0a1b2c3d4e5f60718 vol-0a1b2c3d4e5f60718 arn:aws:iam::x
  code and settings
    + #define API_KEY "⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧"
    + #define WIFI_PASSWORD "⟦horse22⟧"
    + #define SECRET_TOKEN L"⟦qT9xLm2ZpR7v⟧"
    + #define DEFAULT_PASS "⟦N1gtePz3taRe⟧"
    + const char* password = "⟦N1gtePz3taRe⟧";
    + static const char kSecret[] = "⟦qT9xLm2ZpR7vK4sN⟧";
    + let apiKey: String = "⟦qT9xLm2ZpR7vK4sN⟧"
    + String password = new String("⟦N1gtePz3taRe⟧");
    + client.setPassword("⟦N1gtePz3taRe⟧");
    + .withPassword("⟦Sommer2024!⟧")
    + connect(host, user="bob", passwd="⟦N1gtePz3taRe⟧")
    + new Credentials("bob", "⟦N1gtePz3taRe⟧")
    + auth=("bob", "⟦N1gtePz3taRe⟧")
    + HTTPBasicAuth('bob', '⟦N1gtePz3taRe⟧')
    + requests.get(u, auth=HTTPDigestAuth("bob", '⟦Sommer2024!⟧'))
    + credentials: ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + {"credentials": "⟦N1gtePz3taRe⟧"}
    + "credentials": {"user": "bob", "pw": "⟦N1gtePz3taRe⟧"}
    + pw: ⟦N1gtePz3taRe⟧
    + {"user": "bob", "pw": "⟦Sommer2024!⟧"}
    + db_pw = '⟦N1gtePz3taRe⟧'
    + userPw="⟦N1gtePz3taRe⟧"
    + DB_PW=⟦horse22x⟧
    + smtp_pw: "⟦Sommer2024!⟧"
    + root_pass = "⟦N1gtePz3taRe⟧"
    + rootpass: ⟦N1gtePz3taRe⟧
    + dbpass='⟦N1gtePz3taRe⟧'
    + bindpw ⟦N1gtePz3taRe⟧
    + rootpw ⟦Sommer2024!⟧
    + bind_password = ⟦N1gtePz3taRe⟧
    + spring.datasource.password=⟦N1gtePz3taRe⟧
    + [credential]⏎  helper = store⏎password=⟦N1gtePz3taRe⟧
    + config.password => '⟦N1gtePz3taRe⟧'
    + (setq my-password "⟦N1gtePz3taRe⟧")
    + password -> "⟦N1gtePz3taRe⟧"
    + $password = '⟦N1gtePz3taRe⟧';
    + :password => "⟦N1gtePz3taRe⟧"
    + password := "⟦N1gtePz3taRe⟧"
    + <add key="Password" value="⟦N1gtePz3taRe⟧" />
    + <property name="password" value="⟦N1gtePz3taRe⟧"/>
    + <property name="javax.persistence.jdbc.password">⟦N1gtePz3taRe⟧</property>
    + <server><password>⟦N1gtePz3taRe⟧</password></server>
    + <user name="bob" password="⟦N1gtePz3taRe⟧"/>
    + users:⏎- name: bob⏎  user:⏎    token: ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    +     client-key-data: ⟦LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo=⟧
    + [pypi]⏎username = bob⏎password = ⟦N1gtePz3taRe⟧
    + //npm.pkg.example/:_authToken=⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + //registry.example/:_password="⟦TjFndGVQejN0YVJl⟧"
    + machine h.example login bob password ⟦N1gtePz3taRe⟧
    + machine h.example⏎login bob⏎password ⟦N1gtePz3taRe⟧
    + default login x password ⟦Sommer2024!⟧
    + machine h login bob account a password ⟦N1gtePz3taRe⟧
    + machine h.example password ⟦N1gtePz3taRe⟧ login bob
    - #define API_KEY_HEADER "x-api-key", #define PASSWORD_FIELD "password", #define PASS_MAX 128
    - const char* password_field = "user_password"; #define TOKEN_STRING "string"
    - setPassword(newPassword2), withToken(token), auth=(user, password), Credentials(user2, pw2)
    - credentials: include, credentials: 'same-origin', credentials: "omit", credentials: true
    - pw: str, pw = input(), pw = getpass.getpass(), httpw: a12345, pw: None
    - power: 12345, spw = 3, kpw: 12, "hpw": "abc"
    - import { password2 } from './x', password=None, token=self.token
    - <property name="password" value="${password}"/>, <password>${env.X}</password>
    - { "error": "password must contain 8 characters" }, "passwordPolicy": "strict", token_type: bearer
    - (setq password-cache-expiry 3600), my-password-field, password-store: gnome
    - grep -n password src/a12.c, rm token12.txt, cat ~/.pgpass, vi credentials12.yaml
  words of other languages
    + 密码：⟦N1gtePz3taRe⟧
    + 密码是 ⟦hunter22⟧
    + 我的密码是⟦N1gtePz3taRe⟧，请用
    + 密碼: ⟦N1gtePz3taRe⟧
    + 口令为⟦N1gtePz3taRe⟧
    + パスワードは ⟦N1gtePz3taRe⟧ です
    + パスワード：⟦hunter22⟧
    + 비밀번호: ⟦N1gtePz3taRe⟧
    + 비밀번호는 ⟦hunter22⟧ 입니다
    + la clave es ⟦N1gtePz3taRe⟧
    + mi contraseña es ⟦hunter22⟧
    + La contraseña: "⟦Sommer2024!⟧"
    + le mot de passe est ⟦N1gtePz3taRe⟧
    + mot de passe : ⟦hunter22⟧
    + das Passwort lautet ⟦Sommer2024⟧!
    + Passwort: ⟦N1gtePz3taRe⟧
    + Kennwort="⟦N1gtePz3taRe⟧"
    + пароль: ⟦N1gtePz3taRe⟧
    + Пароль — ⟦hunter22⟧
    + мой пароль ⟦N1gtePz3taRe⟧
    + hasło: ⟦N1gtePz3taRe⟧
    + heslo je ⟦N1gtePz3taRe⟧
    + şifre: ⟦N1gtePz3taRe⟧
    + parolam ⟦N1gtePz3taRe⟧
    + lösenord: ⟦N1gtePz3taRe⟧
    + adgangskode er ⟦N1gtePz3taRe⟧
    + salasana on ⟦N1gtePz3taRe⟧
    + mật khẩu là ⟦N1gtePz3taRe⟧
    + a senha é ⟦N1gtePz3taRe⟧
    + het wachtwoord is ⟦N1gtePz3taRe⟧
    + la password è ⟦N1gtePz3taRe⟧
    + kata sandi: ⟦N1gtePz3taRe⟧
    + كلمة المرور: ⟦N1gtePz3taRe⟧
    + סיסמה: ⟦N1gtePz3taRe⟧
    + รหัสผ่าน: ⟦N1gtePz3taRe⟧
    + κωδικός: ⟦N1gtePz3taRe⟧
    + पासवर्ड: ⟦N1gtePz3taRe⟧
    - 密码不能为空, 请输入密码, パスワードを入力してください, 비밀번호를 입력하세요
    - la clave es única, la clave primaria es id2, le mot de passe est requis, Passwort falsch
    - пароль неверный, пароль: обязательное поле, hasło jest wymagane, senha: obrigatória
    - 密码长度8位以上, 密码: 必填, das Passwort ist SHA256-verschlüsselt, clave foránea user_id2
  headers
    + Authorization: Digest username="bob", realm="x", nonce="0a1b", uri="/", response="⟦3f8a91c04be27d65a1f09c8e7b6d5432⟧"
    + authorization: Digest username="bob", response="⟦9c8e7b6d54321fe0a9c83f8a91c04be2⟧", qop=auth
    + Proxy-Authorization: Basic ⟦Ym9iOk4xZ3RlUHozdGFSZQ==⟧
    + Authorization: Basic ⟦Ym9iOmg=⟧
    + -H 'Authorization: Token ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧'
    + X-Auth-Token: ⟦qT9xLm2ZpR7vK4sN⟧
    + X-Vault-Token: ⟦qT9xLm2ZpR7vK4sN⟧
    + Private-Token: ⟦qT9xLm2ZpR7vK4sN8wYb⟧
    + X-Amz-Security-Token: ⟦qT9xLm2ZpR7vK4sN8wYb⟧
    + api-key: ⟦3f8a91c04be27d65a1f09c8e7b6d5432⟧
    + Ocp-Apim-Subscription-Key: ⟦3f8a91c04be27d65a1f09c8e7b6d5432⟧
    + X-Algolia-API-Key: ⟦3f8a91c04be27d65a1f09c8e7b6d5432⟧
    + Cookie: sessionid=⟦qT9xLm2ZpR7vK4sN⟧
    - Authorization: Digest username="bob", realm="x", response="<response>"
    - response="200 OK with text", response = "required", WWW-Authenticate: Digest realm="x", nonce="y"
    - Authorization: Basic <credentials>, Authorization: Basic $AUTH, Authorization: Bearer {token}
  code taken for an address of a person
    - git+https://a.example/x@feature.branch and pip install x@git+https://a.example/o/r@feature.branch
    - git+ssh://git@a.example/o/r.git@release.candidate#egg=x, https://a.example/o/r/-/tree/x@bug.fix
    - image@sha256.digest, repo/app@sha256.digest
    - x@property.setter, value@property.setter, foo@plt.got, 4010 <puts@plt.got>, main@plt.sec
    - call puts@plt.sec, memcpy@GLIBC.x, printf@GLIBC_2.2.5, foo@VERS.base
    - a@app.route, view@app.route('/'), e@router.get, cmd@bot.command, task@celery.task
    - pytest@pytest.fixture, x@functools.wraps, def@pytest.mark.parametrize, T@abc.abstractmethod
    - @types.node, @scope.name/pkg, npm i x@npm.next, org/name@release.candidate, actions/checkout@main.branch
    - user@1000.service, getty@tty1.service, name@example.service, wg-quick@wg0.service
    - systemd-fsck@dev-sda1.service, x@y.timer, a@b.socket, dev@x.mount, a@b.automount
    - serde@features.derive, foo@v1.beta, foo@next.rc, x@beta.channel, x@canary.build
    - SomeClass@inner.method, com.example.App@main.thread, java.lang.Object@hash.code
    - @Autowired.required, x@Override.method, this@Outer.field, super@Base.field
    + mail ⟦bob@app.example.com⟧ or ⟦jane@router.de⟧
    + write to ⟦bob@feature.co.uk⟧, ⟦x.y@example.info⟧, ⟦a@b.museum⟧, ⟦bob@company.technology⟧
    + From: Bob <⟦bob@corp.example.org⟧>, reply to ⟦bob@service.gov.uk⟧
    + ⟦jürgen@münchen.example⟧, ⟦li@163.com⟧, ⟦bob@mail.ru⟧
  numbers taken for phones
    - diff +4915123456789 -4915123456788
    - +1234567 -7654321
    - 12 files changed, +4915112345 -1234567890 lines
    - a.c | 4915112345 +4915112345-
    - 2 insertions(+), 3 deletions(-) +12345678901 -12345678901
    - size +4915112345 bytes, offset +4915112345, delta +14155552671 ns, x = y +14155552671
    - +4915112345,+4915112346 @@ -1234567890,7 +1234567890,9 @@
    - GMT+0100 2026, T10:00:00+01:00, 1e+10 2e+12, foo+12345678901
    - 0x7fff +4915112345 main, <main+4915112345>, [+4915112345] frames
    + call ⟦+4915112345678⟧ or ⟦+49 151 12345678⟧
    + my number is ⟦+14155552671⟧, phone: ⟦+44 20 7946 0958⟧
    + (⟦+4915112345678⟧) and tel:⟦+14155552671⟧
  more tokens of issuers that are not known
    + ⟦sbom_¦91c04be27d65a1f03f8a9c8e7b6d54329c8e7b6d⟧
    + AQUA=⟦aqt_¦5d1e8f7c3b2a4960817263544536271809fedcba⟧
    + ⟦dop-x_¦c04be27d65a1f03f8a9c8e7b6d54329c8e7b6d91⟧
    + login with ⟦nvx-¦Zk39dLq0XvB27mTyR5wHcN81sPfJgUa4⟧ please
    + ⟦tfp_¦zk39dlq0xvb27mtyr5whcn81spfjgua4⟧
    + "⟦JTEST-¦QK7ZP2M9XW4TN8RB3VC6HD1FJ5LYGSAE⟧"
    + ⟦ubi_¦live_k39dlq0xvb27mtyr5whcn81spfjgua4e⟧
    + (⟦ctp_¦9Zk3dLq0XvB27mTyR5wHcN8⟧)
    + key=⟦sz_¦3b2a49608172635445362718095d1e8f⟧
    + ⟦9xZ8Q~¦dK3mT7.pW2vL9-qR5nB8yC1fG4hJ6sXa0Zu⟧
    + ⟦abc7Q~¦dK3mT7.pW2vL9-qR5nB8yC1fG4hJ6sXa0Z⟧
    + ⟦v1.0-¦0123456789abcdef01234567-fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210fedcba987654321012⟧
    + export PROXY_PAT=⟦CCIPRJ_¦Kx8Lw2QpZ7nR4tV9yB1cD_5d1e8f7c3b2a4960817263544536271809fedcba⟧
    + Found ⟦shdp_¦5d1e8f7c3b2a49608172635445362718⟧ in log
    + url?x=⟦mtk-¦k39dlq0xvb27mtyr5whcn81spfjgua⟧
    - asset_5d1e8f7c3b2a49608172635445362718.woff2 and chunk_5d1e8f7c3b2a4960817263544536271809fedcba
    - origin/renovate-5d1e8f7c3b2a4960817263544536271809fedcba, HEAD_5d1e8f7c3b2a4960817263544536271809fedcba
    - commit squ_5d1e8f7c3b2a4960817263544536271809fedcba, ETag: W/"x_5d1e8f7c3b2a49608172635445362718"
    - k8s_app_web-7d9f8b6c5d-x2x4z_default_5d1e8f7c-3b2a-4960-8172-635445362718_0
    - projects/proj_k3/locations/eu-w1, serviceaccount.gserviceaccount.example, pod/web-7d9f8b6c5d-x2x4z
    - ffffffff81000000_t, my_function_name_with_2_numbers_3_and_4_more_words_5, AbstractSingletonProxyFactoryBean2
    - org.springframework.context.annotation.ConfigurationClassPostProcessor2EnhancedConfiguration3
    - _nix_k39dlq, lib-5d1e8f7c3b2a4960.rlib, dep-graph-1a2b3c4d.bin, incremental/foo-1v8p2m6x9q3w5/s-gx1-2y
    - UTF8_GENERAL_CI_AS_KS_WS_2019_VERSION_140, X509v3_Subject_Alternative_Name_Extension_2
    - sha256_5d1e8f7c3b2a4960817263544536271809fedcba5d1e8f7c3b2a496081726354, digest_5d1e8f7c3b2a49608172635445362718
    - ipfs hash, bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi
  """#)
