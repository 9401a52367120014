"""The cluster's DNS server: the addresses of services, and of the pods behind those that have none of their own.

Answers questions for IPv4 addresses below cluster.local from what it watches at the API server; whatever else is asked does not
exist, at once, since the cluster knows nothing outside. While the API server is away, the last known answers stand.
"""
import argparse
import json
import socketserver
import ssl
import struct
import sys
import threading
import time
import urllib.request

DOMAIN = "cluster.local"
TIME_TO_LIVE = 2
A, AAAA, ANY, INTERNET = 1, 28, 255, 1
NO_ERROR, FORMAT_ERROR, NO_SUCH_NAME = 0, 1, 3


class Watch(threading.Thread):
    """Keeps all objects of one kind, by namespace and name."""

    def __init__(self, options: argparse.Namespace, plural: str) -> None:
        super().__init__(daemon=True)
        self.url = f"{options.server}/api/v1/{plural}"
        self.plural = plural
        self.context = ssl.create_default_context(cafile=options.authority)
        self.context.load_cert_chain(options.certificate, options.key)
        self.objects: dict[tuple[str, str], dict] = {}
        self.listed = threading.Event()

    def run(self) -> None:
        while True:
            try:
                self.follow(self.list())
            except Exception as error:  # whatever it is, the answer is to begin again
                print(f"{self.plural}: {error}", file=sys.stderr, flush=True)
                time.sleep(1)

    def open(self, query: str, timeout: float):
        return urllib.request.urlopen(self.url + query, timeout=timeout, context=self.context)

    def list(self) -> str:
        with self.open("", 10) as answer:
            found = json.load(answer)
        self.objects = {identity(item): item for item in found["items"]}
        self.listed.set()
        return found["metadata"]["resourceVersion"]

    def follow(self, version: str) -> None:
        with self.open(f"?watch=true&timeoutSeconds=240&resourceVersion={version}", 300) as answer:
            for line in answer:
                event = json.loads(line)
                if event["type"] == "ERROR":
                    return
                if event["type"] == "DELETED":
                    self.objects.pop(identity(event["object"]), None)
                else:
                    self.objects[identity(event["object"])] = event["object"]


def identity(item: dict) -> tuple[str, str]:
    return item["metadata"]["namespace"], item["metadata"]["name"]


class Names:
    """What is known, as answers to names."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.services, self.endpoints = Watch(options, "services"), Watch(options, "endpoints")
        for watch in (self.services, self.endpoints):
            watch.start()
        for watch in (self.services, self.endpoints):
            watch.listed.wait()

    def look_up(self, name: str) -> list[str] | None:
        """The addresses of the name: None if there is no such name."""
        labels = name.lower().rstrip(".").split(".")
        if labels[-3:] != ["svc", *DOMAIN.split(".")] or len(labels) not in (5, 6):
            return None
        host = labels[0] if len(labels) == 6 else None
        key = (labels[-4], labels[-5])
        service = self.services.objects.get(key)
        if service is None:
            return None
        address = service["spec"].get("clusterIP")
        if address and address != "None":
            return [address] if host is None else None
        pods = self.pods(key, service["spec"].get("publishNotReadyAddresses", False))
        chosen = [pod["ip"] for pod in pods if host is None or pod.get("hostname") == host]
        return chosen or None

    def pods(self, key: tuple[str, str], also_unready: bool) -> list[dict]:
        subsets = self.endpoints.objects.get(key, {}).get("subsets") or []
        kinds = ["addresses", "notReadyAddresses"] if also_unready else ["addresses"]
        return [pod for subset in subsets for kind in kinds for pod in subset.get(kind) or []]


def read_question(message: bytes) -> tuple[str, int, int, int]:
    """Name, type and class of the first question, and where it ends."""
    labels, position = [], 12
    while message[position]:
        length = message[position]
        if length > 63:
            raise ValueError("a compressed name in a question")
        labels.append(message[position + 1:position + 1 + length].decode("ascii"))
        position += 1 + length
    kind, space = struct.unpack_from("!HH", message, position + 1)
    return ".".join(labels), kind, space, position + 5


def answer(message: bytes, names: Names) -> bytes:
    """The reply to a query (RFC 1035, section 4)."""
    identifier, flags, count = struct.unpack_from("!HHH", message)
    # A reply, authoritative; operation and the wish for recursion as they came.
    reply_flags = 0x8480 | (flags & 0x7900)
    try:
        if count != 1:
            raise ValueError("not one question")
        name, kind, space, end = read_question(message)
    except (ValueError, IndexError, struct.error):
        return struct.pack("!HHHHHH", identifier, reply_flags | FORMAT_ERROR, 0, 0, 0, 0)
    addresses = names.look_up(name) if space == INTERNET else None
    code = NO_SUCH_NAME if addresses is None else NO_ERROR
    # 15 of them fit into 512 bytes beside the longest name.
    shown = (addresses or [])[:15] if kind in (A, ANY) else []
    records = b"".join(
        struct.pack("!HHHIH", 0xC00C, A, INTERNET, TIME_TO_LIVE, 4) + bytes(int(part) for part in address.split("."))
        for address in shown)
    return struct.pack("!HHHHHH", identifier, reply_flags | code, 1, len(shown), 0, 0) + message[12:end] + records


class OverUDP(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        message, socket = self.request
        if len(message) > 12:
            socket.sendto(answer(message, self.server.names), self.client_address)


class OverTCP(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        while len(length := self.rfile.read(2)) == 2:
            message = self.rfile.read(int.from_bytes(length, "big"))
            if len(message) <= 12:
                return
            reply = answer(message, self.server.names)
            self.wfile.write(len(reply).to_bytes(2, "big") + reply)


class TCPServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    for name in ("listen", "server", "authority", "certificate", "key"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    names = Names(options)
    servers = [socketserver.UDPServer((options.listen, 53), OverUDP), TCPServer((options.listen, 53), OverTCP)]
    for server in servers:
        server.names = names
        threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
