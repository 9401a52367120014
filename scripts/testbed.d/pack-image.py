"""pack-image.py REFERENCE ROOT CONFIGURATION OUT: packs a folder as an image of one layer, in Docker's archive format.

The same content gives the same image: owners and times are left out; CONFIGURATION is JSON, such as {"Cmd": ["/pause"]}.
"""
import hashlib
import io
import json
import sys
import tarfile


def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without what differs from run to run."""
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry


def main(reference: str, root: str, configuration: str, out: str) -> None:
    layer_bytes = io.BytesIO()
    with tarfile.open(fileobj=layer_bytes, mode="w", format=tarfile.GNU_FORMAT) as layer:
        layer.add(root, arcname=".", filter=plain)
    layer_content = layer_bytes.getvalue()
    layer_digest = hashlib.sha256(layer_content).hexdigest()
    image = json.dumps({
        "architecture": "amd64", "os": "linux", "created": "1970-01-01T00:00:00Z", "config": json.loads(configuration),
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer_digest}"]},
        "history": [{"created": "1970-01-01T00:00:00Z", "created_by": "pack-image.py"}],
    }).encode()
    image_digest = hashlib.sha256(image).hexdigest()
    layer_path = f"{layer_digest}/layer.tar"
    manifest = json.dumps([{"Config": f"{image_digest}.json", "RepoTags": [reference], "Layers": [layer_path]}]).encode()
    with tarfile.open(out, "w") as archive:
        for name, content in ((layer_path, layer_content), (f"{image_digest}.json", image), ("manifest.json", manifest)):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
