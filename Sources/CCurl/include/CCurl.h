#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// libcurl, loaded when it is first needed: it brings some thirty libraries with it, which would
// otherwise be loaded whenever the program starts.

typedef struct ccurl_multi ccurl_multi;
typedef struct ccurl_easy ccurl_easy;

// Loads the library, once a process. Returns why it cannot be used, or NULL.
const char *_Nullable ccurl_load(void);

// What is called with the bytes of an answer; what it returns is what libcurl defines: the count to go
// on, another to end, or `ccurl_pause` to be given the same bytes again later.
typedef size_t (*ccurl_sink)(char *_Nullable bytes, size_t size, size_t count,
                             void *_Nullable context);
extern const size_t ccurl_pause;
// What is called each time that a request is about to be sent, over a connection that stands: libcurl
// sends one again by itself where a kept connection ends. Returns `ccurl_go` or `ccurl_end`.
typedef int (*ccurl_before)(void *_Nullable context, char *_Nullable address,
                            char *_Nullable local_address, int port, int local_port);
extern const int ccurl_go;
extern const int ccurl_end;

// Transfers side by side. Everything below needs the library to be loaded, and belongs to one thread.
ccurl_multi *_Nullable ccurl_multi_new(void);
void ccurl_multi_free(ccurl_multi *_Nonnull multi);
// Goes on with all transfers, as far as that needs no waiting. False when libcurl has a fault.
bool ccurl_multi_perform(ccurl_multi *_Nonnull multi);
// Waits until a transfer can go on or the descriptor can be read (none: -1), at most that long.
bool ccurl_multi_wait(ccurl_multi *_Nonnull multi, int descriptor, int milliseconds);
// A transfer that has ended and was not told yet, with libcurl's number of its fault, 0 for none.
ccurl_easy *_Nullable ccurl_multi_ended(ccurl_multi *_Nonnull multi, int *_Nonnull fault);
bool ccurl_multi_add(ccurl_multi *_Nonnull multi, ccurl_easy *_Nonnull easy);
void ccurl_multi_remove(ccurl_multi *_Nonnull multi, ccurl_easy *_Nonnull easy);

// A transfer. TLS is verified, only http and https are spoken, HTTP/2 is spoken where TLS agrees on
// it, no redirect is followed, and proxies come from the environment.
ccurl_easy *_Nullable ccurl_easy_new(void *_Nullable context, ccurl_sink _Nonnull body,
                                     ccurl_sink _Nonnull header);
void ccurl_easy_free(ccurl_easy *_Nonnull easy);
// All texts and bytes are copied. Each returns false where libcurl refuses what it was given.
bool ccurl_easy_url(ccurl_easy *_Nonnull easy, const char *_Nonnull url);
bool ccurl_easy_agent(ccurl_easy *_Nonnull easy, const char *_Nonnull agent);
bool ccurl_easy_authorities(ccurl_easy *_Nonnull easy, const char *_Nullable file,
                            const char *_Nullable folder);
bool ccurl_easy_timeouts(ccurl_easy *_Nonnull easy, long connect_ms, long whole_ms);
bool ccurl_easy_post(ccurl_easy *_Nonnull easy, const uint8_t *_Nullable bytes, size_t count);
bool ccurl_easy_before(ccurl_easy *_Nonnull easy, void *_Nullable context,
                       ccurl_before _Nonnull before);
// The headers are the caller's, and must outlive the transfer.
bool ccurl_easy_headers(ccurl_easy *_Nonnull easy, void *_Nullable headers);
void ccurl_easy_resume(ccurl_easy *_Nonnull easy);
long ccurl_easy_status(ccurl_easy *_Nonnull easy);
// What a proxy answered to whom it was asked to lead to; 0 where none was asked.
long ccurl_easy_proxy_status(ccurl_easy *_Nonnull easy);
// 2 for HTTP/2, 1 for what came before, 0 where nothing was answered.
int ccurl_easy_http_version(ccurl_easy *_Nonnull easy);
// Where the answer sends its reader, from the root on; NULL where it sends nowhere.
const char *_Nullable ccurl_easy_redirect(ccurl_easy *_Nonnull easy);
// What libcurl says of a fault.
const char *_Nonnull ccurl_fault(int fault);

// Appends a header to a list, which is NULL at first; NULL when there is no memory.
void *_Nullable ccurl_headers_append(void *_Nullable headers, const char *_Nonnull line);
void ccurl_headers_free(void *_Nullable headers);

// The parts of an address.
typedef enum {
  ccurl_scheme,
  ccurl_host,
  ccurl_port,
  ccurl_user,
  ccurl_password,
  ccurl_path,
  ccurl_query
} ccurl_url_part;
// Writes a part into `text`, ended by NUL. False of what is no address, or lacks the part; a port that
// is not written is that of its scheme.
bool ccurl_url_get(const char *_Nonnull url, ccurl_url_part part, char *_Nonnull text, size_t size);
