// Swift cannot call C variadics, so each kind of curl_easy_setopt and curl_easy_getinfo that is used has a wrapper here.
#include <curl/curl.h>

typedef size_t (*colophon_data_callback)(char *, size_t, size_t, void *);
typedef int (*colophon_progress_callback)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

static inline CURLcode colophon_setopt_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode colophon_setopt_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode colophon_setopt_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode colophon_setopt_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode colophon_setopt_data(CURL *handle, CURLoption option, colophon_data_callback callback) {
  return curl_easy_setopt(handle, option, callback);
}

static inline CURLcode colophon_setopt_progress(CURL *handle, colophon_progress_callback callback) {
  return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, callback);
}

static inline CURLcode colophon_getinfo_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode colophon_getinfo_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(handle, info, value);
}

// Macros with casts, which Swift does not import.
static const size_t colophon_readfunc_abort = CURL_READFUNC_ABORT;
static const long colophon_http_version_2tls = CURL_HTTP_VERSION_2TLS;
