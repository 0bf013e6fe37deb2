"""The Meta requests of captures by DuckDB's SQL, on one thread, one capture after another. A line of JSON for each."""

import json
import sys

import duckdb

QUERY = """
WITH entries AS (
    SELECT unnest(json_extract(content, '$.log.entries[*]')) AS entry,
           generate_subscripts(json_extract(content, '$.log.entries[*]'), 1) - 1 AS place
    FROM read_text(?)
)
SELECT place, entry->>'$.startedDateTime', entry->>'$.request.url', entry->>'$.request.postData.text',
       entry->'$.request.cookies[*].name'
FROM entries
WHERE regexp_matches(entry->>'$.request.url', '^https://www[.]facebook[.]com/tr[/?]')
"""

connection = duckdb.connect(config={"threads": 1})
for name in sys.argv[1:]:
    for row in connection.execute(QUERY, [name]).fetchall():
        print(json.dumps([name, *row]))
