# shellcheck shell=bash
# Requests to the host. Keys and addresses that carry keys go to curl by standard input, so that no process list shows them.

# request <method> <url> <key or ''> [json]: the body goes to $RUN/private/response; prints the HTTP status, 000 without an answer.
request() {
    local method=$1 url=$2 key=$3 json=${4:-}
    json=${json//\\/\\\\}
    {
        printf 'url = "%s"\n' "$url"
        printf 'request = "%s"\n' "$method"
        [[ -z $key ]] || printf 'header = "x-functions-key: %s"\n' "$key"
        [[ -z $json ]] || printf 'header = "Content-Type: application/json"\ndata = "%s"\n' "${json//\"/\\\"}"
    } | curl --config - --silent --max-time 30 --output "$RUN/private/response" --write-out '%{http_code}' || true
}

response() { jq "$@" "$RUN/private/response"; }

# response_text: what the host answered, for an error message.
response_text() { head -c 600 "$RUN/private/response" 2> /dev/null || true; }
