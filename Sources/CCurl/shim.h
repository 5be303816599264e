// Swift cannot call C variadics, so each kind of curl_easy_setopt and curl_easy_getinfo that is used has a wrapper here.
#include <curl/curl.h>
