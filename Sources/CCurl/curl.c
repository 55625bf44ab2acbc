#include "CCurl.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

const size_t ccurl_pause = CURL_WRITEFUNC_PAUSE;
const int ccurl_go = CURL_PREREQFUNC_OK;
const int ccurl_end = CURL_PREREQFUNC_ABORT;

// What is used of libcurl, each with the type that its header declares.
#define FUNCTIONS(each)                                                                            \
  each(curl_global_init) each(curl_easy_init) each(curl_easy_cleanup)          \
  each(curl_easy_setopt) each(curl_easy_getinfo) each(curl_easy_pause) each(curl_easy_strerror)   \
  each(curl_multi_init) each(curl_multi_cleanup) each(curl_multi_perform) each(curl_multi_poll)   \
  each(curl_multi_info_read) each(curl_multi_add_handle) each(curl_multi_remove_handle)           \
  each(curl_slist_append) each(curl_slist_free_all) each(curl_url) each(curl_url_cleanup)         \
  each(curl_url_set) each(curl_url_get) each(curl_free)

// The header wraps some of these in macros that check types of a direct call.
#undef curl_easy_setopt
#undef curl_easy_getinfo

#define DECLARE(name) static __typeof__(&name) p_##name;
FUNCTIONS(DECLARE)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char reason[512];

static void load(void) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    snprintf(reason, sizeof reason, "%s", dlerror());
    return;
  }
#define FIND(name)                                                                                 \
  p_##name = (__typeof__(p_##name))dlsym(library, #name);                                          \
  if (p_##name == NULL) {                                                                          \
    snprintf(reason, sizeof reason, "libcurl.so.4 has no function " #name ": it is too old");      \
    return;                                                                                        \
  }
  FUNCTIONS(FIND)
  if (p_curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK)
    snprintf(reason, sizeof reason, "libcurl.so.4 cannot be initialised");
}

const char *ccurl_load(void) {
  pthread_once(&once, load);
  return reason[0] == 0 ? NULL : reason;
}

ccurl_multi *ccurl_multi_new(void) { return (ccurl_multi *)p_curl_multi_init(); }

void ccurl_multi_free(ccurl_multi *multi) { p_curl_multi_cleanup((CURLM *)multi); }

bool ccurl_multi_perform(ccurl_multi *multi) {
  int running = 0;
  return p_curl_multi_perform((CURLM *)multi, &running) == CURLM_OK;
}

bool ccurl_multi_wait(ccurl_multi *multi, int descriptor, int milliseconds) {
  struct curl_waitfd extra = {descriptor, CURL_WAIT_POLLIN, 0};
  int ready = 0;
  return p_curl_multi_poll((CURLM *)multi, descriptor < 0 ? NULL : &extra, descriptor < 0 ? 0 : 1,
                           milliseconds, &ready) == CURLM_OK;
}

ccurl_easy *ccurl_multi_ended(ccurl_multi *multi, int *fault) {
  int left = 0;
  CURLMsg *message;
  while ((message = p_curl_multi_info_read((CURLM *)multi, &left)) != NULL) {
    if (message->msg != CURLMSG_DONE) continue;
    *fault = message->data.result;
    return (ccurl_easy *)message->easy_handle;
  }
  return NULL;
}

bool ccurl_multi_add(ccurl_multi *multi, ccurl_easy *easy) {
  return p_curl_multi_add_handle((CURLM *)multi, (CURL *)easy) == CURLM_OK;
}

void ccurl_multi_remove(ccurl_multi *multi, ccurl_easy *easy) {
  p_curl_multi_remove_handle((CURLM *)multi, (CURL *)easy);
}

#define SET(option, value) (p_curl_easy_setopt((CURL *)easy, option, value) == CURLE_OK)

ccurl_easy *ccurl_easy_new(void *context, ccurl_sink body, ccurl_sink header) {
  ccurl_easy *easy = (ccurl_easy *)p_curl_easy_init();
  if (easy == NULL) return NULL;
  // No signals: names are looked up by threads, and none of them is waited for at the end.
  bool is_set = SET(CURLOPT_NOSIGNAL, 1L) && SET(CURLOPT_PROTOCOLS_STR, "http,https")
    && SET(CURLOPT_FOLLOWLOCATION, 0L) && SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS)
    && SET(CURLOPT_SSL_VERIFYPEER, 1L) && SET(CURLOPT_SSL_VERIFYHOST, 2L)
    && SET(CURLOPT_TCP_KEEPALIVE, 1L) && SET(CURLOPT_WRITEFUNCTION, body)
    && SET(CURLOPT_WRITEDATA, context) && SET(CURLOPT_HEADERFUNCTION, header)
    && SET(CURLOPT_HEADERDATA, context);
  // Newer than the oldest libcurl that is good enough.
  (void)SET(CURLOPT_QUICK_EXIT, 1L);
  if (is_set) return easy;
  p_curl_easy_cleanup((CURL *)easy);
  return NULL;
}

void ccurl_easy_free(ccurl_easy *easy) { p_curl_easy_cleanup((CURL *)easy); }

bool ccurl_easy_url(ccurl_easy *easy, const char *url) { return SET(CURLOPT_URL, url); }

bool ccurl_easy_agent(ccurl_easy *easy, const char *agent) { return SET(CURLOPT_USERAGENT, agent); }

bool ccurl_easy_authorities(ccurl_easy *easy, const char *file, const char *folder) {
  return (file == NULL || SET(CURLOPT_CAINFO, file))
    && (folder == NULL || SET(CURLOPT_CAPATH, folder));
}

bool ccurl_easy_timeouts(ccurl_easy *easy, long connect_ms, long whole_ms) {
  return SET(CURLOPT_CONNECTTIMEOUT_MS, connect_ms) && SET(CURLOPT_TIMEOUT_MS, whole_ms);
}

bool ccurl_easy_post(ccurl_easy *easy, const uint8_t *bytes, size_t count) {
  return SET(CURLOPT_POST, 1L) && SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count)
    && SET(CURLOPT_COPYPOSTFIELDS, count == 0 ? (const char *)"" : (const char *)bytes);
}

bool ccurl_easy_before(ccurl_easy *easy, void *context, ccurl_before before) {
  return SET(CURLOPT_PREREQFUNCTION, before) && SET(CURLOPT_PREREQDATA, context);
}

bool ccurl_easy_headers(ccurl_easy *easy, void *headers) {
  // A proxy that leads to a server of https is told nothing of what is meant for it; one of http sees all.
  return SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE) && SET(CURLOPT_HTTPHEADER, headers);
}

void ccurl_easy_resume(ccurl_easy *easy) { p_curl_easy_pause((CURL *)easy, CURLPAUSE_CONT); }

long ccurl_easy_status(ccurl_easy *easy) {
  long status = 0;
  p_curl_easy_getinfo((CURL *)easy, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

long ccurl_easy_proxy_status(ccurl_easy *easy) {
  long status = 0;
  p_curl_easy_getinfo((CURL *)easy, CURLINFO_HTTP_CONNECTCODE, &status);
  return status;
}

int ccurl_easy_http_version(ccurl_easy *easy) {
  long version = 0;
  p_curl_easy_getinfo((CURL *)easy, CURLINFO_HTTP_VERSION, &version);
  return version == CURL_HTTP_VERSION_NONE ? 0 : version >= CURL_HTTP_VERSION_2_0 ? 2 : 1;
}

const char *ccurl_easy_redirect(ccurl_easy *easy) {
  char *url = NULL;
  p_curl_easy_getinfo((CURL *)easy, CURLINFO_REDIRECT_URL, &url);
  return url;
}

const char *ccurl_fault(int fault) { return p_curl_easy_strerror((CURLcode)fault); }

void *ccurl_headers_append(void *headers, const char *line) {
  struct curl_slist *longer = p_curl_slist_append((struct curl_slist *)headers, line);
  if (longer == NULL) p_curl_slist_free_all((struct curl_slist *)headers);
  return longer;
}

void ccurl_headers_free(void *headers) { p_curl_slist_free_all((struct curl_slist *)headers); }

bool ccurl_url_get(const char *url, ccurl_url_part part, char *text, size_t size) {
  static const CURLUPart parts[] = {CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT, CURLUPART_USER,
                                    CURLUPART_PASSWORD, CURLUPART_PATH, CURLUPART_QUERY};
  CURLU *parsed = p_curl_url();
  if (parsed == NULL) return false;
  char *found = NULL;
  bool is_found = p_curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK
    && p_curl_url_get(parsed, parts[part], &found, CURLU_DEFAULT_PORT) == CURLUE_OK
    && strlen(found) < size;
  if (is_found) memcpy(text, found, strlen(found) + 1);
  p_curl_free(found);
  p_curl_url_cleanup(parsed);
  return is_found;
}
