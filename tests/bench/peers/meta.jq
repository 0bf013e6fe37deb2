# The Meta requests of captures. A line of JSON for each.
.log.entries
| to_entries[]
| select(.value.request.url | startswith("https://www.facebook.com/tr?") or startswith("https://www.facebook.com/tr/"))
| [input_filename, .key, .value.startedDateTime, .value.request.url, .value.request.postData.text,
   [.value.request.cookies[].name]]
| @json
